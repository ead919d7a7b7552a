import { describe, expect, it } from 'vitest';
import { idleCosts } from '../../../src/contention/fit/after-idle.js';
import type { ObservedGroup } from '../../../src/contention/fit/group.js';
import { normal } from '../../../src/random/normal.js';
import { stream } from '../../../src/random/stream.js';
import { inference } from './synthetic.js';

const WORK = 8;
/** Mean of a row, with n of the other processes at work. */
const beside = (n: number, training: number): number => WORK * (1 + 0.4 * n + 0.2 * training);

function group(jobs: number, training: number, mode: 'open' | 'closed', keptMs: number[], rps?: number, idleMs?: number[]): ObservedGroup {
  const n = keptMs.length;
  const meanMs = keptMs.reduce((sum, ms) => sum + ms, 0) / n;
  const clusters = [{ run: 'r', process: 'p', n, keptMs: Float64Array.from(keptMs), ...(idleMs && { idleMs: Float64Array.from(idleMs) }) }];
  return { ...inference(jobs, training), mode, ...(rps !== undefined && { offeredRps: rps }), name: `${mode} ${jobs} ${training} ${rps}`, n, meanMs, readings: {}, memory: [], clusters };
}

const closed = (jobs: number, training = 0, rows = 4000): ObservedGroup => {
  const draw = stream(1, 'closed', jobs, training);
  return group(jobs, training, 'closed', Array.from({ length: rows }, () => beside(jobs - 1, training) * Math.exp(0.03 * normal(draw))));
};

interface Cost {
  coolsMs: number;
  warmsMs?: number;
  addedMs: number;
  /** Of two equally likely costs, relative to their mean. */
  cv?: number;
  /** Of this process, whatever it does. */
  level?: number;
}

/** A process to which images come at random, beside others that are as busy as it is, by its own rows. */
function open(jobs: number, rps: number, { coolsMs, warmsMs = 0, addedMs, cv = 0, level = 1 }: Cost, training = 0, rows = 4000): ObservedGroup {
  const draw = stream(1, 'open', jobs, rps, training);
  const rate = rps / 1000 / jobs;
  const [keptMs, idleMs]: number[][] = [[], []];
  let [atMs, freeMs, busyMs, cold] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    atMs -= Math.log(1 - draw()) / rate;
    const share = freeMs === 0 ? 0 : busyMs / freeMs;
    let others = 0;
    for (let other = 1; other < jobs; other++) if (draw() < share) others++;
    idleMs.push(Math.max(0, atMs - freeMs));
    cold = 1 - (1 - cold) * Math.exp(-idleMs[i] / coolsMs);
    const ms = level * beside(others, training) * Math.exp(0.03 * normal(draw)) + cold * addedMs * (draw() < 0.5 ? 1 - cv : 1 + cv);
    cold = warmsMs === 0 ? 0 : cold * Math.exp(-ms / warmsMs);
    keptMs.push(ms);
    busyMs += ms;
    freeMs = Math.max(freeMs, atMs) + ms;
  }
  return group(jobs, training, 'open', keptMs, rps, idleMs);
}

const found = (...groups: ObservedGroup[]) => [...idleCosts(groups).values()][0];
const off = (value: number, from: number): number => Math.abs(Math.log(value / from));

describe('what idleness costs', () => {
  it('is found again from open loops: how much, how fast it grows, by the number of processes', () => {
    const [one, two] = [{ coolsMs: 20, addedMs: 3 }, { coolsMs: 20, addedMs: 5 }];
    const costs = found(closed(1), closed(2), ...[10, 40].flatMap((rps) => [open(1, rps, one), open(2, 2 * rps, two)]));
    expect(costs.besideTraining).toBeUndefined();
    const { alone } = costs;
    expect(alone!.processes).toEqual([1, 2]);
    expect(off(alone!.coolsMs, 20)).toBeLessThan(0.4);
    expect(alone!.warmsMs).toBe(0);
    expect(off(alone!.addedMs[0], 3)).toBeLessThan(0.1);
    expect(off(alone!.addedMs[1], 5)).toBeLessThan(0.1);
    expect(alone!.cv).toBeLessThan(0.15);
  });

  it('stays for a while where processes get warm slowly', () => {
    const { alone } = found(closed(1), open(1, 30, { coolsMs: 14, warmsMs: 16, addedMs: 4 }), open(1, 70, { coolsMs: 14, warmsMs: 16, addedMs: 4 }));
    expect(off(alone!.coolsMs, 14)).toBeLessThan(0.5);
    expect(off(alone!.warmsMs, 16)).toBeLessThan(0.7);
    expect(off(alone!.addedMs[0], 4)).toBeLessThan(0.15);
  });

  it('is told from a process that is slow whatever it does', () => {
    const { alone } = found(closed(1), open(1, 30, { coolsMs: 10, addedMs: 2, level: 1.08 }));
    expect(off(alone!.addedMs[0], 2)).toBeLessThan(0.1);
    expect(found(closed(1), open(1, 30, { coolsMs: 10, addedMs: 0, level: 1.08 }))).toBeUndefined();
  });

  it('is another beside training, and may be spread', () => {
    const { alone, besideTraining } = found(closed(1), closed(1, 1), open(1, 30, { coolsMs: 5, addedMs: 2 }), open(1, 30, { coolsMs: 5, addedMs: 9, cv: 0.6 }, 1));
    expect(off(alone!.addedMs[0], 2)).toBeLessThan(0.1);
    expect(off(besideTraining!.addedMs[0], 9)).toBeLessThan(0.1);
    expect(Math.abs(besideTraining!.cv - 0.6)).toBeLessThan(0.1);
  });

  it('does not take neighbours for idleness, nor chance, nor a stall', () => {
    const none = { coolsMs: 5, addedMs: 0 };
    expect(found(closed(1), closed(2), open(1, 30, none), open(2, 60, none))).toBeUndefined();
    expect(found(closed(1), open(1, 30, { coolsMs: 5, addedMs: 0.02 }, 0, 100))).toBeUndefined();
    const stalled = group(1, 0, 'closed', [...Array.from({ length: 200 }, () => WORK), 500]);
    expect(found(stalled, open(1, 30, none))).toBeUndefined();
    const loop = open(1, 10, none, 0, 100);
    const { idleMs } = loop.clusters[0];
    const coldest = idleMs!.indexOf(Math.max(...idleMs!.subarray(1)));
    loop.clusters[0].keptMs[coldest] = 5000;
    expect(found(closed(1), loop)).toBeUndefined();
  });

  it('needs a closed loop of one job, times of rows, and enough of them', () => {
    const cost = { coolsMs: 5, addedMs: 4 };
    expect(found(open(1, 10, cost))).toBeUndefined();
    expect(found(closed(2), open(2, 10, cost))).toBeUndefined();
    expect(found(closed(1), open(1, 10, cost, 0, 10))).toBeUndefined();
    const untimed = open(1, 10, cost);
    expect(found(closed(1), { ...untimed, clusters: untimed.clusters.map(({ idleMs: _, ...rest }) => rest) })).toBeUndefined();
    expect(found(closed(1), open(2, 30, cost)).alone!.processes).toEqual([2]);
  });
});
