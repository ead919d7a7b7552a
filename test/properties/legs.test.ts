import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import type { Fault } from '../../src/faults/fault.js';
import type { NamedProfile, ResolvedAlternative, Workload } from '../../src/scenario/scenario.js';
import { alternative, type Choice } from '../simulator/alternative.js';
import { dispatch, faults, profile, surroundings } from './arbitrary.js';

const small: NamedProfile = { name: 'phone', models: { s: { solo_ms: 12, accuracy: 0.4, spread: { distribution: 'exponential' } } } };
const withAccuracy = (given: NamedProfile): NamedProfile => ({ ...given, models: { m: { ...given.models.m, accuracy: 0.8 }, n: { ...given.models.n, accuracy: 0.6 } } });
const variants = fc.constantFrom(['m', 's'], ['s', 'm', 'n'], ['n', 'm'], ['s']);

/** Requests with two legs, at a server and on a phone, with variants, while anything may break. */
const scenario: fc.Arbitrary<ResolvedAlternative> = fc
  .record({
    around: surroundings(),
    servers: profile.map(withAccuracy),
    models: fc.array(variants, { minLength: 3, maxLength: 3 }),
    dispatch,
    route: fc.constantFrom<Choice[]>('duplicate', { policy: 'duplicate', answer: 'first' }, 'spread', 'on-device'),
    select: fc.constantFrom<Choice[]>('fixed', 'mdinference', 'random', 'static-accuracy'),
    faults: fc.oneof(fc.constant<Fault[]>([]), faults(['edge', 'phone'])),
    retries: fc.integer({ min: 0, max: 2 }),
    restart_after_s: fc.constantFrom(0, 0.02),
  })
  .map(({ around, servers, models, retries, restart_after_s, ...rest }) => {
    const workload = around.workload.map((app, i): Workload => ({ ...app, stages: [{ model: models[i][0], variants: models[i].map((model) => ({ model })) }] }));
    return alternative({ ...around, ...rest, workload, siteNetworks: [], sites: { edge: [servers, servers], phone: [small] }, devices: ['phone'], supervision: { retries, restart_after_s, longest_restart_s: 0.1 }, extrapolation: 'label' });
  });

it('every request ends once, however many legs it has and whatever breaks', { timeout: 300_000 }, async () => {
  let [ran, duplicated, onDevice] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(scenario, async (setup) => {
      // The invariants once, causal, little, memory and busy throw by themselves.
      const { measured, refused, record } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0, record: { rows: 1000, spans: 2000 } });
      if (measured === undefined) return void expect(refused).toBeTruthy();
      ran++;
      for (const app of measured.apps) {
        expect(app.born).toBe(app.answered + app.rejected + app.failed + app.unfinished);
        if (app.answeredBy) expect(app.answeredBy.reduce((sum, n) => sum + n, 0)).toBe(app.answered);
        onDevice += app.onDevice ?? 0;
      }
      expect(record!.requests).toHaveLength(measured.apps.reduce((sum, app) => sum + app.born, 0));
      for (const row of record!.requests) {
        expect(row.attempts).toBeLessThanOrEqual(setup.scenario.supervision.retries + 1);
        if (row.outcome !== 'answered') continue;
        expect(row.arrived_ms).toBeGreaterThanOrEqual(row.born_ms);
        expect(row.started_ms).toBeGreaterThanOrEqual(row.arrived_ms);
        expect(row.answered_ms).toBeGreaterThanOrEqual(row.started_ms);
      }
      if (measured.duplicates === undefined) return;
      duplicated++;
      expect(measured.duplicates.share).toBeLessThanOrEqual(1);
      expect(measured.duplicates.wastedShare ?? 0).toBeLessThanOrEqual(1 + 1e-9);
    }),
    { numRuns: 3000 },
  );
  expect(ran, 'scenarios that were not refused').toBeGreaterThan(1500);
  expect(duplicated, 'with second legs').toBeGreaterThan(500);
  expect(onDevice, 'answers of phones').toBeGreaterThan(5000);
});

it('a second leg takes nothing from the draws of other requests', async () => {
  const servers: NamedProfile = { name: 'edge', models: { m: { solo_ms: 5, accuracy: 0.9, spread: { distribution: 'exponential' } } } };
  const run = async (route: Choice) => {
    const setup = alternative({
      workload: [{ app: 'a', stages: [{ model: 'm', variants: [{ model: 'm' }, { model: 's' }] }], slo_ms: 1000, arrivals: { process: 'even', rate_rps: 2, requests: 50 } }],
      sites: { edge: [servers], phone: [{ ...small, models: { s: { ...small.models.s, solo_ms: 900 } } }] },
      devices: ['phone'],
      network: { up: { normal: { mean_ms: 40, sd_ms: 20 } }, symmetric: true },
      route,
    });
    const { record } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0, record: { rows: 1000, spans: 0 } });
    return record!.requests.map((row) => row.latency_ms);
  };
  // The server always answers first, and with the better answer.
  expect(await run('duplicate')).toEqual(await run('fixed'));
});
