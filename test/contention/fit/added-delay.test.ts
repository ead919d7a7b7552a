import { describe, expect, it } from 'vitest';
import { addedDelays } from '../../../src/contention/fit/added-delay.js';
import type { GroupKey, ObservedGroup } from '../../../src/contention/fit/group.js';
import { normal } from '../../../src/random/normal.js';
import { stream } from '../../../src/random/stream.js';
import { situation } from './laws.js';
import { inference } from './synthetic.js';

const [BUSY, LENGTH] = [0.6, 25];

/** Requests of 12 ms with a little scatter; in an open loop they may meet a slice. */
function group(mode: 'open' | 'closed', { rps, n = 20_000, wait = true, key = inference(1, 1) }: { rps?: number; n?: number; wait?: boolean; key?: GroupKey } = {}): ObservedGroup {
  const draw = stream(1, mode, rps ?? 0, n);
  const keptMs = Float64Array.from({ length: n }, () => 12 * Math.exp(0.05 * normal(draw)) + (mode === 'open' && wait && draw() < BUSY ? LENGTH * draw() : 0));
  return { ...key, phase: 'train', mode, ...(rps === undefined ? {} : { offeredRps: rps }), name: `${mode} ${rps}`, n, meanMs: 0, readings: {}, memory: [], clusters: [{ run: 'r', process: 'p', n, keptMs }] };
}
const found = (groups: ObservedGroup[]) => [...addedDelays(groups, situation).values()];

describe('the added delay behind a slice of training', () => {
  it('is found again from open-loop probes: how often a slice runs, and how long it is', () => {
    const [delay] = found([group('closed'), group('open', { rps: 5 })]);
    expect(delay.meanMs / (BUSY * LENGTH / 2)).toBeCloseTo(1, 1);
    expect(delay.busy).toBeCloseTo(BUSY, 1);
    expect(delay.lengthMs / LENGTH).toBeCloseTo(1, 1);
  });

  it('is taken from the lowest rate, where requests do not wait for each other', () => {
    expect(found([group('closed'), group('open', { rps: 40, n: 50 }), group('open', { rps: 5 })])).toEqual(found([group('closed'), group('open', { rps: 5 })]));
  });

  it('needs a closed loop beside the same jobs, enough rows, and a wait', () => {
    expect(found([group('open', { rps: 5 })])).toEqual([]);
    expect(found([group('closed', { n: 10 }), group('open', { rps: 5 })])).toEqual([]);
    expect(found([group('closed', { key: inference(2, 1) }), group('open', { rps: 5 })])).toEqual([]);
    const [none] = found([group('closed'), group('open', { rps: 5, wait: false })]);
    expect(none === undefined || none.meanMs < 0.05).toBe(true);
  });

  it('is not a stall or two that one of the loops met', () => {
    const open = group('open', { rps: 5, n: 200, wait: false });
    open.clusters[0].keptMs.set([150, 130], 90);
    expect(found([group('closed', { n: 200 }), open])).toEqual([]);
    expect(found([group('closed', { n: 200 }), group('open', { rps: 5, n: 200 })]).length).toBe(1);
  });
});
