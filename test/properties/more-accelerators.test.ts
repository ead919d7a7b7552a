import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import type { RequestRow } from '../../src/measurement/recorder.js';
import { alternative, profileOf } from '../simulator/alternative.js';

it('one more accelerator lets no request start later: one app, first come first served, neighbours for free', async () => {
  let better = 0;
  const spread = fc.constantFrom(undefined, { distribution: 'exponential' as const }, { distribution: 'lognormal' as const, cv: 2 }, { distribution: 'two-point' as const, low: 0.1, p_low: 0.8 });
  const stream = fc.record({
    process: fc.constantFrom('poisson', 'even'),
    rate_rps: fc.constantFrom(50, 200, 500),
    requests: fc.integer({ min: 1, max: 150 }),
  });
  await fc.assert(
    fc.asyncProperty(spread, stream, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 1e6 }), async (drawn, arrivals, count, k, seed) => {
      const profile = profileOf({ solo_ms: 10, ...(drawn && { spread: drawn }) });
      const rows = async (accelerators: number): Promise<RequestRow[]> => {
        const setup = alternative({
          workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals }],
          sites: Array.from({ length: accelerators }, () => profile),
          dispatch: { policy: 'fcfs', k },
          measure: { drain_s: 1e6 },
          seed,
        });
        const { record } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0, record: { rows: 1000, spans: 0 } });
        return record!.requests.sort((x, y) => x.born_ms - y.born_ms);
      };
      const [fewer, more] = [await rows(count), await rows(count + 1)];
      expect(more).toHaveLength(arrivals.requests);
      for (let i = 0; i < more.length; i++) {
        expect(more[i].born_ms).toBe(fewer[i].born_ms);
        expect(more[i].started_ms).toBeLessThanOrEqual(fewer[i].started_ms + 1e-6);
        if (more[i].started_ms < fewer[i].started_ms - 1) better++;
      }
    }),
    { numRuns: 150 },
  );
  expect(better, 'requests that did start earlier').toBeGreaterThan(100);
});
