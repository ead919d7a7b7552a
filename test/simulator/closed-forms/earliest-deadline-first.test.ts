import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../alternative.js';
import { answerOf, at, bornAt, record } from './by-hand.js';

// One worker, 10 each. Deadlines: 0 → 100, 1 → 51, 2 → 22, 3 → 15. The first is already running when the others come.
const births = [
  [0, 100],
  [1, 50],
  [2, 20],
  [3, 12],
] as const;
const system = (dispatch: string | { policy: string; drop_hopeless: boolean }) => alternative({ workload: [at(births)], sites: profileOf({ solo_ms: 10 }), dispatch });

describe('earliest deadline first', () => {
  it('serves by deadline, where first come first served serves by arrival', async () => {
    const edf = await record(system('edf'));
    expect(births.map(([born]) => answerOf(edf, born))).toEqual([10, 40, 30, 20]);
    expect(births.map(([born]) => bornAt(edf, born).in_slo)).toEqual([true, true, false, false]);
    const fcfs = await record(system('fcfs'));
    expect(births.map(([born]) => answerOf(fcfs, born))).toEqual([10, 20, 30, 40]);
  });

  it('turns away what cannot make it any more, which saves those that can', async () => {
    // At 10 the deadline 15 is hopeless (10 + 10 > 15); 22 is not and is answered at 20; 51 at 30.
    const run = await record(system({ policy: 'edf', drop_hopeless: true }));
    expect(bornAt(run, 3).outcome).toBe('rejected');
    expect([0, 2, 1].map((born) => answerOf(run, born))).toEqual([10, 20, 30]);
    const { measured } = await replicate({ alternative: system({ policy: 'edf', drop_hopeless: true }), replication: 0, warmUpMs: 0 });
    expect(measured!.apps[0]).toMatchObject({ born: 4, answered: 3, inSlo: 3, rejected: 1 });
  });

  it('serves a deadline that can just be met', async () => {
    // At 10 the deadline 20 is just within reach.
    const workload = [at([[0, 100], [1, 19], [2, 200]])];
    const run = await record(alternative({ workload, sites: profileOf({ solo_ms: 10 }), dispatch: { policy: 'edf', drop_hopeless: true } }));
    expect(bornAt(run, 1)).toMatchObject({ outcome: 'answered', answered_ms: 20, in_slo: true });
  });

  it('keeps the order of arrival among equal deadlines, over a long queue', async () => {
    const many = Array.from({ length: 200 }, (_, i): [number, number] => [i / 16, 1000 - i / 16]);
    const run = await record(alternative({ workload: [at(many)], sites: profileOf({ solo_ms: 10 }), dispatch: 'edf' }));
    expect(run.requests.map((r) => r.born_ms)).toEqual(many.map(([born]) => born));
  });
});
