import fc from 'fast-check';
import { expect, it } from 'vitest';
import { metricsOf } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import { alternative, type Choice } from '../simulator/alternative.js';

// One GPU on which neighbours slow each other down more than in proportion, and twice as much traffic as it can take.
const overloaded = fc.record({
  soloMs: fc.integer({ min: 4, max: 20 }),
  loadMs: fc.integer({ min: 0, max: 100 }),
  workers: fc.integer({ min: 8, max: 20 }),
  apps: fc.integer({ min: 1, max: 3 }),
  load: fc.constantFrom(1.5, 2, 4),
  spread: fc.constantFrom(undefined, { distribution: 'lognormal' as const, cv: 0.3 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

it('who turns nobody away, or everybody, has less goodput in an overload than who turns some away', async () => {
  await fc.assert(
    fc.asyncProperty(overloaded, async ({ soloMs, loadMs, workers, apps, load, spread, seed }) => {
      const names = Array.from({ length: apps }, (_, i) => `app ${i}`);
      const goodput = async (dispatch: Choice): Promise<number> => {
        const setup = alternative({
          workload: names.map((app) => ({ app, stages: [{ model: 'm' }], slo_ms: 6 * soloMs, arrivals: { process: 'poisson', rate_rps: (1000 * load) / soloMs / apps } })),
          sites: {
            edge: [
              {
                name: 'crowded',
                models: { m: { solo_ms: soloMs, load_ms: loadMs, memory_mib: 1000, ...(spread && { spread }) } },
                accelerator: { name: 'crowded', memory_mib: 1000 * workers },
                contention: { model: 'table', inference: { jobs: [1, 2, 20], slowdown: [1, 2.2, 22] } },
              },
            ],
          },
          durationS: (200 * soloMs) / 1000,
          extrapolation: 'label',
          dispatch,
          seed,
        });
        const { measured, refused } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
        if (measured === undefined) throw new Error(refused);
        return metricsOf(measured, setup).goodput_rps!;
      };
      const sensible = [
        await goodput({ policy: 'fcfs', k: 1, queue_limit: 2 }),
        await goodput({ policy: 'corun', queue_limit: 2 }),
        await goodput({ policy: 'edf', k: 1, drop_hopeless: true }),
      ];
      const rejecting = await goodput('reject-all');
      const unlimited = await goodput('unlimited');
      expect(rejecting).toBe(0);
      for (const value of sensible) {
        expect(value).toBeGreaterThan(rejecting);
        expect(value).toBeGreaterThan(unlimited);
        // Most of what the GPU can do: 1 / solo time.
        expect(value).toBeGreaterThan(500 / soloMs);
      }
    }),
    { numRuns: 40 },
  );
});
