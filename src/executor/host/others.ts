import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';

/** Time of the processors since the system started, in ticks: all, in use (time that the host gave to other guests included), and in use by a process and its descendants. */
export interface Ticks {
  all: number;
  busy: number;
  own: number;
}

/** Where the system keeps its counts. */
export interface ProcFiles {
  /** The text of a file below /proc. @throws if it is not there */
  read(path: string): string;
  /** The numbers of the processes that there are. */
  pids(): number[];
}

const procFiles: ProcFiles = {
  read: (path) => readFileSync(`/proc/${path}`, 'utf8'),
  pids: () => readdirSync('/proc').map(Number).filter((pid) => pid > 0),
};

/** Columns of the first line of /proc/stat after its name: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already. */
const COUNTED = 8;
const [IDLE, IOWAIT] = [3, 4];

/** Reads what the processors did so far; undefined where the system does not tell. @param root a process, whose descendants count as its own */
export function ticks(root: number, files: ProcFiles = procFiles): Ticks | undefined {
  try {
    const counts = files.read('stat').split('\n', 1)[0].trim().split(/\s+/).slice(1, 1 + COUNTED).map(Number);
    const all = counts.reduce((sum, n) => sum + n, 0);
    return { all, busy: all - counts[IDLE] - counts[IOWAIT], own: ownTicks(root, files) };
  } catch {
    return undefined;
  }
}

/** Ticks of a process and its descendants, those included that have ended and were waited for. */
function ownTicks(root: number, files: ProcFiles): number {
  const parents = new Map<number, number>();
  const used = new Map<number, number>();
  for (const pid of files.pids()) {
    try {
      // The name in brackets may have anything in it.
      const text = files.read(`${pid}/stat`);
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      parents.set(pid, Number(fields[1]));
      used.set(pid, fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0));
    } catch {
      // Ended meanwhile.
    }
  }
  const isOwn = (pid: number | undefined): boolean => pid === root || (pid !== undefined && pid > 1 && isOwn(parents.get(pid)));
  return [...used].reduce((sum, [pid, own]) => sum + (isOwn(pid) ? own : 0), 0);
}

/** Share of all processors' time that others than one's own processes took between two readings, 0 to 1. */
export function shareOfOthers(from: Ticks, to: Ticks): number | undefined {
  const all = to.all - from.all;
  return all > 0 ? Math.min(1, Math.max(0, (to.busy - from.busy - (to.own - from.own)) / all)) : undefined;
}

/**
 * Counts what other programs, and other guests of the same host, take of the processors from now on.
 *
 * @returns what tells the share so far, 0 to 1; undefined where the system does not tell, as any but Linux
 */
export function othersBusy(): () => number | undefined {
  const from = ticks(process.pid);
  return () => {
    const to = from && ticks(process.pid);
    return to && shareOfOthers(from, to);
  };
}

const LOOK_MS = 1000;

/**
 * Waits until others have taken less than a share of the processors for a second.
 *
 * @returns false if that was not so after the longest time; true too where the system does not tell
 */
export async function quietFromOthers(most: number, longestMs: number, signal?: AbortSignal): Promise<boolean> {
  const sinceMs = performance.now();
  for (;;) {
    const busy = othersBusy();
    await later(LOOK_MS, undefined, signal && { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    if ((busy() ?? 0) <= most) return true;
    if (performance.now() - sinceMs >= longestMs) return false;
  }
}

/** Who else uses the processors, as measurements ask; another one in tests. */
export interface Others {
  busy(): () => number | undefined;
  quiet(most: number, longestMs: number, signal?: AbortSignal): Promise<boolean>;
}

export const realOthers: Others = { busy: othersBusy, quiet: quietFromOthers };
