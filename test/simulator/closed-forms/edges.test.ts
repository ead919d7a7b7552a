import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, clients, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';

const once = (system: ReturnType<typeof alternative>) => replicate({ alternative: system, replication: 0, warmUpMs: 0 });

describe('at the edges', () => {
  it('time outside the measured domain is found although nothing happens there before the run ends', async () => {
    const contention = { model: 'table' as const, inference: { jobs: [1, 2], slowdown: [1, 2] } };
    const profile = profileOf({ solo_ms: 10 }, { contention, training: { t: { batch: 16, epoch_s: 1000 } } });
    const { refused } = await once(alternative({ workload: [at([0, 50])], sites: [profile, profile], retraining: 't', place: 'one-task-per-accelerator' }));
    expect(refused).toMatch(/retraining t was not measured/);
  });

  it('retraining alone is inside the domain, although inference beside it was not measured', async () => {
    const contention = { model: 'table' as const, inference: { jobs: [1], slowdown: [1] }, training: { t: { jobs: [0], slowdown: [1] } } };
    const profile = profileOf({ solo_ms: 10 }, { contention, training: { t: { batch: 16, epoch_s: 1 } } });
    const { measured, refused } = await once(alternative({ workload: [at([0, 50])], sites: [profile, profile], retraining: 't', place: 'one-task-per-accelerator' }));
    expect(refused).toBeUndefined();
    expect(measured!.outsideShare).toEqual([0, 0]);
  });

  it('a memory that is exactly full is full, in whatever order it was summed', async () => {
    const profile = {
      name: 'full',
      accelerator: { name: 'full', memory_mib: 3277.6, fixed_mib: 421.7 },
      models: { m: { solo_ms: 1, memory_mib: 586.1 }, n: { solo_ms: 1, memory_mib: 2269.8 } },
    };
    const { refused } = await once(alternative({ workload: [at([0]), { ...at([0]), app: 'b', stages: [{ model: 'n' }] }], sites: profile }));
    expect(refused).toBeUndefined();
  });

  it('clients whose requests are never served do not keep the run going for ever', async () => {
    const system = alternative({ workload: [clients(3, 10, 'fixed', 5)], sites: profileOf({ solo_ms: 10 }), dispatch: { policy: 'corun', k_cap: 1, latency_tolerance: 0.5 } });
    const { measured } = await once(system);
    expect(measured!.apps[0]).toMatchObject({ born: 3, answered: 0, unfinished: 3 });
    expect(measured!.windowMs).toBeGreaterThan(60_000);
    expect(measured!.windowMs).toBeLessThan(70_000);
  });

  it('answers are waited for as long as the SLOs of a trace ask', async () => {
    const { measured } = await once(alternative({ workload: [at([[0, 200_000], [1, 200_000]])], sites: profileOf({ solo_ms: 90_000 }) }));
    expect(measured!.apps[0]).toMatchObject({ answered: 2, inSlo: 2, unfinished: 0 });
  });

  it('processes that died leave no trace behind: their ids are used again', async () => {
    const profile = profileOf({ solo_ms: 100, memory_mib: 60, load_ms: 1 }, { accelerator: { name: 'small', memory_mib: 100 } });
    const births = Array.from({ length: 50 }, (_, i) => 10 + i);
    const run = await record(alternative({ workload: [at([0, ...births])], sites: profile, dispatch: 'unlimited' }));
    expect(new Set(run.spans.map((s) => s.track)).size).toBeLessThanOrEqual(4);
    expect(answerOf(run, 0)).toBe(100);
  });
});
