import { describe, expect, it } from 'vitest';
import { idleCosts } from '../../../src/contention/fit/after-idle.js';
import type { ObservedGroup } from '../../../src/contention/fit/group.js';
import { normal } from '../../../src/random/normal.js';
import { stream } from '../../../src/random/stream.js';
import { inference } from './synthetic.js';

const WORK = 8;
/** Mean of a row, with n of the other processes at work. */
const beside = (n: number, training: number): number => WORK * (1 + 0.4 * n + 0.2 * training);

function group(jobs: number, training: number, mode: 'open' | 'closed', keptMs: number[], rps?: number): ObservedGroup {
  const n = keptMs.length;
  const meanMs = keptMs.reduce((sum, ms) => sum + ms, 0) / n;
  return { ...inference(jobs, training), mode, ...(rps !== undefined && { offeredRps: rps }), name: `${mode} ${jobs} ${training} ${rps}`, n, meanMs, readings: {}, memory: [], clusters: [{ run: 'r', process: 'p', n, keptMs: Float64Array.from(keptMs) }] };
}

const closed = (jobs: number, training = 0, rows = 4000): ObservedGroup => {
  const draw = stream(1, 'closed', jobs, training);
  return group(jobs, training, 'closed', Array.from({ length: rows }, () => beside(jobs - 1, training) * Math.exp(0.03 * normal(draw))));
};

interface Cost {
  idleMs: number;
  addedMs: number;
  /** Of two equally likely costs, relative to their mean. */
  cv?: number;
}

/** A process to which images come at random, beside others that are as busy as it is, by its own rows: a queue with an exceptional first service. */
function open(jobs: number, rps: number, { idleMs, addedMs, cv = 0 }: Cost, training = 0, rows = 4000): ObservedGroup {
  const draw = stream(1, 'open', jobs, rps, training);
  const rate = rps / 1000 / jobs;
  const keptMs: number[] = [];
  let [atMs, freeMs, busyMs] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    atMs -= Math.log(1 - draw()) / rate;
    const share = freeMs === 0 ? 0 : busyMs / freeMs;
    let others = 0;
    for (let other = 1; other < jobs; other++) if (draw() < share) others++;
    const cost = atMs - freeMs > idleMs ? addedMs * (draw() < 0.5 ? 1 - cv : 1 + cv) : 0;
    const ms = beside(others, training) * Math.exp(0.03 * normal(draw)) + cost;
    keptMs.push(ms);
    busyMs += ms;
    freeMs = Math.max(freeMs, atMs) + ms;
  }
  return group(jobs, training, 'open', keptMs, rps);
}

const found = (...groups: ObservedGroup[]) => [...idleCosts(groups).values()][0];

describe('what idleness costs', () => {
  it('is found again from open loops at rates that differ: how much, after how long, by the number of processes', () => {
    const [one, two] = [{ idleMs: 20, addedMs: 3 }, { idleMs: 20, addedMs: 5 }];
    const costs = found(closed(1), closed(2), ...[10, 40, 80].flatMap((rps) => [open(1, rps, one), open(2, 2 * rps, two)]));
    expect(costs.besideTraining).toBeUndefined();
    const { alone } = costs;
    expect(alone!.processes).toEqual([1, 2]);
    expect(Math.abs(Math.log(alone!.idleMs / 20))).toBeLessThan(0.5);
    expect(Math.abs(alone!.addedMs[0] / 3 - 1)).toBeLessThan(0.1);
    expect(Math.abs(alone!.addedMs[1] / 5 - 1)).toBeLessThan(0.1);
    expect(alone!.cv).toBeLessThan(0.15);
  });

  it('is another beside training, and may be spread', () => {
    const { alone, besideTraining } = found(closed(1), closed(1, 1), open(1, 10, { idleMs: 0, addedMs: 2 }), open(1, 10, { idleMs: 0, addedMs: 9, cv: 0.6 }, 1));
    // With one rate nobody can tell after how long: the least is taken.
    expect([alone!.idleMs, besideTraining!.idleMs]).toEqual([1, 1]);
    expect(Math.abs(alone!.addedMs[0] / 2 - 1)).toBeLessThan(0.1);
    expect(Math.abs(besideTraining!.addedMs[0] / 9 - 1)).toBeLessThan(0.1);
    expect(Math.abs(besideTraining!.cv - 0.6)).toBeLessThan(0.1);
  });

  it('does not take neighbours for idleness, nor chance, nor a stall of the closed loop', () => {
    const none = { idleMs: 0, addedMs: 0 };
    expect(found(closed(1), closed(2), open(1, 30, none), open(2, 60, none))).toBeUndefined();
    expect(found(closed(1), open(1, 30, { idleMs: 0, addedMs: 0.02 }, 0, 100))).toBeUndefined();
    const stalled = group(1, 0, 'closed', [...Array.from({ length: 200 }, () => WORK), 500]);
    expect(found(stalled, open(1, 30, none))).toBeUndefined();
  });

  it('needs a closed loop of one job, and enough rows', () => {
    const cost = { idleMs: 0, addedMs: 4 };
    expect(found(open(1, 10, cost))).toBeUndefined();
    expect(found(closed(2), open(2, 10, cost))).toBeUndefined();
    expect(found(closed(1), open(1, 10, cost, 0, 10))).toBeUndefined();
    expect(found(closed(1), open(2, 10, cost)).alone!.processes).toEqual([2]);
  });
});
