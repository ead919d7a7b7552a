import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { TraceRow } from '../../trace/write.js';

/** What sends. `send` says at once when the request was due and what it is; the promise is kept when it has ended. */
export interface Pacing {
  nowMs: () => number;
  send: (row: TraceRow, dueMs: number) => Promise<void>;
  signal: AbortSignal;
}

/** A timer is up to 1 ms late and is rounded to whole ms; so close to its end, turns of the event loop are counted instead. */
const TIMER_MS = 2;
/** A wait looks so often whether it was interrupted. */
const LONGEST_SLEEP_MS = 100;
/** A sender that is behind goes on sending, but so often lets the answers in. */
const LONGEST_BLOCK_MS = 1;

async function until(atMs: number, { nowMs, signal }: Pacing): Promise<void> {
  for (let leftMs = atMs - nowMs(); leftMs > 0 && !signal.aborted; leftMs = atMs - nowMs()) {
    if (leftMs > TIMER_MS) await sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.floor(leftMs - TIMER_MS))));
    else await turn();
  }
}

/**
 * Open loop: each request leaves when it is due, whatever became of those before it.
 *
 * @param speed 2 replays in half the time
 * @returns when all have ended
 * @throws what `send` throws, at the first one
 */
export async function openLoop(rows: AsyncIterable<TraceRow>, speed: number, pacing: Pacing): Promise<void> {
  const open = new Set<Promise<void>>();
  let turnedMs = pacing.nowMs();
  let failed = false;
  for await (const row of rows) {
    const dueMs = row.timeMs / speed;
    const nowMs = pacing.nowMs();
    if (dueMs > nowMs) {
      await until(dueMs, pacing);
      turnedMs = pacing.nowMs();
    } else if (nowMs - turnedMs > LONGEST_BLOCK_MS) {
      await turn();
      turnedMs = pacing.nowMs();
    }
    if (pacing.signal.aborted || failed) break;
    const sent = pacing.send(row, dueMs);
    open.add(sent);
    sent.then(
      () => void open.delete(sent),
      () => (failed = true),
    );
  }
  await Promise.all(open);
}

/**
 * Closed loop: so many clients, each of which sends the trace's next request, waits for its answer, thinks, and goes on. The times of
 * the trace do not count.
 *
 * @returns when all have ended
 */
export async function closedLoop(rows: AsyncGenerator<TraceRow>, clients: number, thinkMs: number, pacing: Pacing): Promise<void> {
  const client = async (): Promise<void> => {
    let readyMs = 0;
    while (!pacing.signal.aborted) {
      await until(readyMs, pacing);
      if (pacing.signal.aborted) return;
      const next = await rows.next();
      if (next.done === true) return;
      await pacing.send(next.value, readyMs);
      readyMs = pacing.nowMs() + thinkMs;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await rows.return(undefined);
}
