import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../alternative.js';
import { answerOf, at, bornAt, record } from './by-hand.js';

// Memory 100, of which 10 are taken and each worker takes 30: three workers fit. One is warm; loading takes 5, a request 10.
//
//   born 0: on the warm worker 1 until 10
//   born 1: worker 2 loads until 6, serves until 16
//   born 2: worker 3 loads until 7, serves until 17
//   born 3: worker 4 dies at 8; no worker is idle, so worker 5 loads for the second attempt and dies at 13: failed
//   born 6: worker 6 dies at 11; worker 1 is idle since 10, so the second attempt runs there until 21
//   born 30: three workers are idle, it runs at once until 40
describe('unlimited, until the memory is exhausted', () => {
  const system = alternative({
    workload: [at([0, 1, 2, 3, 6, 30])],
    sites: profileOf({ solo_ms: 10, memory_mib: 30, load_ms: 5 }, { accelerator: { name: 'gpu', memory_mib: 100, fixed_mib: 10 } }),
    dispatch: 'unlimited',
  });

  it('answers, retries and fails requests as worked out by hand', async () => {
    const run = await record(system);
    expect([0, 1, 2, 6, 30].map((born) => answerOf(run, born))).toEqual([10, 16, 17, 21, 40]);
    expect(bornAt(run, 3)).toMatchObject({ outcome: 'failed', attempts: 2, in_slo: false });
    expect(bornAt(run, 6).attempts).toBe(2);
    expect(bornAt(run, 30).attempts).toBe(1);
  });

  it('counts one event for each process that died', async () => {
    const { measured } = await replicate({ alternative: system, replication: 0, warmUpMs: 0 });
    expect(measured!.outOfMemory).toBe(3);
    expect(measured!.apps[0]).toMatchObject({ born: 6, answered: 5, failed: 1, rejected: 0, unfinished: 0 });
  });

  it('gives back what a process that died had asked for', async () => {
    // Memory 190: a worker for each app, 30 + 60, and a second one for b at 1 are 150. A third for b dies at 7 and at 12; the second one for a fits.
    const run = await record(
      alternative({
        workload: [at([15, 16]), at([0, 1, 2], { app: 'b', stages: [{ model: 'n' }] })],
        sites: {
          name: 'synthetic',
          models: { m: { solo_ms: 10, memory_mib: 30, load_ms: 5 }, n: { solo_ms: 50, memory_mib: 60, load_ms: 5 } },
          accelerator: { name: 'gpu', memory_mib: 190 },
        },
        dispatch: 'unlimited',
      }),
    );
    expect(bornAt(run, 2).outcome).toBe('failed');
    expect([15, 16, 0, 1].map((born) => answerOf(run, born))).toEqual([25, 31, 50, 56]);
  });

  it('draws a service of its own for a second attempt, and leaves those of the others as they were', async () => {
    const spread = { distribution: 'lognormal', cv: 0.5 } as const;
    const model = { solo_ms: 10, memory_mib: 30, load_ms: 5, spread };
    const latencies = async (memoryMiB: number) => {
      const run = await record(
        alternative({
          workload: [at([0, 100, 200, 300.5, 301, 400])],
          sites: profileOf(model, { accelerator: { name: 'gpu', memory_mib: memoryMiB } }),
          dispatch: 'unlimited',
        }),
      );
      return new Map(run.requests.map((r) => [r.born_ms, r]));
    };
    const tight = await latencies(30);
    const roomy = await latencies(1000);
    for (const born of [0, 100, 200, 300.5, 400]) expect(tight.get(born)!.latency_ms).toBe(roomy.get(born)!.latency_ms);
    expect(roomy.get(301)!.attempts).toBe(1);
    expect(tight.get(301)!.attempts).toBe(2);
  });
});
