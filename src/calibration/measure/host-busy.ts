import { cpus } from 'node:os';

/** Counts how busy the processors are from now on. @returns what tells the share so far, 0 to 1; undefined where the system does not count */
export function hostBusy(): () => number | undefined {
  const before = counted();
  return () => {
    const now = counted();
    const all = now.all - before.all;
    return all > 0 ? Math.min(1, Math.max(0, 1 - (now.idle - before.idle) / all)) : undefined;
  };
}

function counted(): { idle: number; all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, all };
}
