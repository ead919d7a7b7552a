import { expect, it } from 'vitest';
import { othersBusy, quietFromOthers, shareOfOthers, ticks, type ProcFiles } from '../../../src/executor/host/others.js';

/** Of a process: parent, and user, system, waited-for user and system time. */
type Process = [parent: number, ...times: [number, number, number, number]];

const filesOf = (cpu: string, processes: Record<number, Process>): ProcFiles => ({
  read: (path) => {
    if (path === 'stat') return `cpu  ${cpu}\ncpu0 1 2 3\n`;
    const its = processes[Number(path.split('/')[0])];
    if (its === undefined) throw new Error('ENOENT');
    const [parent, ...times] = its;
    return `1 (a) name (x)) S ${parent} ${Array<string>(9).fill('0').join(' ')} ${times.join(' ')} 0 20`;
  },
  pids: () => Object.keys(processes).map(Number),
});

it("tells others' time from that of a process and its descendants, and takes stolen time for others'", () => {
  const before = ticks(10, filesOf('100 0 0 800 100 0 0 0 0 0', { 1: [0, 9, 9, 9, 9], 10: [1, 20, 10, 0, 0], 11: [10, 5, 5, 0, 0], 12: [11, 3, 0, 0, 0], 20: [1, 40, 0, 0, 0] }));
  // Process 12 has ended, and 11 has waited for it. Others used 30, and 10 were stolen.
  const after = ticks(10, filesOf('190 0 0 900 100 0 0 10 0 0', { 1: [0, 9, 9, 9, 9], 10: [1, 60, 10, 0, 0], 11: [10, 15, 5, 13, 0], 20: [1, 70, 0, 0, 0] }));
  expect(before).toEqual({ all: 1000, busy: 100, own: 43 });
  expect(after).toEqual({ all: 1200, busy: 200, own: 103 });
  expect(shareOfOthers(before!, after!)).toBeCloseTo(40 / 200, 12);
});

it('says nothing where the system does not tell, and takes that for quiet', async () => {
  expect(ticks(1, { read: () => { throw new Error('ENOENT'); }, pids: () => [] })).toBeUndefined();
  expect(shareOfOthers({ all: 1, busy: 1, own: 1 }, { all: 1, busy: 1, own: 1 })).toBeUndefined();
});

it.runIf(process.platform === 'linux')("one's own work is nobody else's, and a limit that nothing exceeds is quiet at once", async () => {
  const tell = othersBusy();
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  // This process kept one of the processors busy; how busy the others are is the machine's business.
  const share = tell();
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
  expect(await quietFromOthers(1, 5000)).toBe(true);
});
