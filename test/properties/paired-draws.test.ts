import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import type { RequestRow } from '../../src/measurement/recorder.js';
import { alternative, type Choice } from '../simulator/alternative.js';
import { decisions, delaysAlone, surroundings } from './arbitrary.js';

/** Every request of a run, by app and birth; undefined if the alternative was refused. */
async function requestsOf(setup: ResolvedAlternative, replication = 0): Promise<RequestRow[] | undefined> {
  const { record } = await replicate({ alternative: setup, replication, warmUpMs: 0, record: { rows: 100_000, spans: 0 } });
  return record?.requests.sort((a, b) => (a.app < b.app ? -1 : a.app > b.app ? 1 : a.born_ms - b.born_ms));
}

it('the requests of an open stream are born at the same moments under any decisions', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(surroundings(true), decisions, decisions, async (around, first, second) => {
      const [a, b] = [
        await requestsOf(alternative({ ...around, ...first, extrapolation: 'label' })),
        await requestsOf(alternative({ ...around, ...second, extrapolation: 'label' })),
      ];
      if (a === undefined || b === undefined) return;
      compared++;
      expect(b.map((r) => [r.app, r.born_ms])).toEqual(a.map((r) => [r.app, r.born_ms]));
    }),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(50);
});

it('a request takes the same time on its worker under any dispatch policy, where neighbours cost nothing', async () => {
  // Whatever the order and the number at once: without neighbours, host and slices, what a request takes is its draw.
  const policy = fc.oneof<fc.Arbitrary<Choice>[]>(
    fc.integer({ min: 1, max: 8 }).map((k) => ({ policy: 'fcfs', k })),
    fc.integer({ min: 1, max: 8 }).map((k) => ({ policy: 'edf', k })),
    fc.integer({ min: 1, max: 8 }).map((k) => ({ policy: 'batch', k, max_batch: 1 })),
    fc.integer({ min: 1, max: 8 }).map((k_cap) => ({ policy: 'corun', k_cap })),
    fc.constant('unlimited'),
  );
  await fc.assert(
    fc.asyncProperty(surroundings(true).map(delaysAlone), policy, policy, fc.integer({ min: 0, max: 2 }), async (around, first, second, replication) => {
      const sites = Object.fromEntries(
        Object.entries(around.sites).map(([name, profiles]) => {
          const models = structuredClone(profiles[0].models);
          for (const model of Object.values(models)) Object.assign(model, { host_ms: 0, load_ms: 0 });
          const plain = { name: 'plain', models };
          return [name, profiles.map(() => plain)];
        }),
      );
      const of = async (dispatch: Choice): Promise<RequestRow[]> => (await requestsOf(alternative({ ...around, sites, retraining: [], measure: { drain_s: 1e6 }, dispatch }), replication))!;
      const [a, b] = [await of(first), await of(second)];
      expect(b.length).toBe(a.length);
      // Very bursty streams have requests of one moment, which births cannot tell apart.
      if (new Set(a.map((r) => `${r.app} ${r.born_ms}`)).size < a.length) return;
      for (let i = 0; i < a.length; i++) {
        if (a[i].outcome !== 'answered' || b[i].outcome !== 'answered') throw new Error(`not answered: ${JSON.stringify([a[i], b[i]])}`);
        // With a delay on the way back the difference holds its draw, too, which is shared alike.
        expect(b[i].answered_ms - b[i].started_ms).toBeCloseTo(a[i].answered_ms - a[i].started_ms, 6);
      }
    }),
    { numRuns: 120 },
  );
});
