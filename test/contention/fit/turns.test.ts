import { describe, expect, it } from 'vitest';
import { fitContention } from '../../../src/contention/fit/fit.js';
import type { ObservedGroup } from '../../../src/contention/fit/group.js';
import { turnMs } from '../../../src/contention/fit/turns.js';
import { normal } from '../../../src/random/normal.js';
import { poissonQuantile } from '../../../src/random/poisson.js';
import { stream } from '../../../src/random/stream.js';
import { inference } from './synthetic.js';

const WORK = 5;
type Scatter = (slowdown: number, draw: () => number) => number;
/** Interrupted for 4 ms as often as makes the slowdown. */
const turns: Scatter = (s, draw) => WORK + 4 * poissonQuantile(((s - 1) * WORK) / 4, draw());
const evenly: Scatter = (s) => s * WORK;

function group(jobs: number, slowdown: number, scatter: Scatter, stallMs = 0): ObservedGroup {
  const draw = stream(1, 'turns', jobs);
  const n = 4000;
  const keptMs = Float64Array.from({ length: n }, (_, i) => scatter(slowdown, draw) * Math.exp(0.04 * normal(draw)) + (i === n / 2 ? stallMs : 0));
  return { ...inference(jobs, 0), mode: 'closed', name: `${jobs}`, n, meanMs: 0, readings: {}, memory: [], clusters: [{ run: 'r', process: 'p', n, keptMs }] };
}
const found = (scatter: Scatter, stallMs = 0, slowdowns = [1, 1.4, 2, 2.6]) => turnMs(fitContention(slowdowns.map((s, i) => group(i + 1, s, scatter, i === 0 ? 0 : stallMs)), { blockMs: 100, draws: 10 }));

describe('stretches in which processes take turns', () => {
  it('are found again from how the rows of slowed jobs scatter', () => {
    expect(found(turns)! / 4).toBeCloseTo(1, 1);
  });

  it('are not made longer by a stall', () => {
    expect(Math.abs(found(turns, 2000)! / 4 - 1)).toBeLessThan(0.1);
  });

  it('are hardly there where all rows are slowed alike, and not at all where nothing is slowed, or blocks are not asked for', () => {
    expect(found(evenly) ?? 0).toBeLessThan(0.2);
    expect(found(evenly, 0, [1, 1, 1])).toBeUndefined();
    expect(turnMs(fitContention([group(1, 1, turns), group(2, 1.5, turns)], { draws: 10 }))).toBeUndefined();
  });
});
