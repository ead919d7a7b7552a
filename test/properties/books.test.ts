import fc from 'fast-check';
import { expect, it } from 'vitest';
import { metricsOf } from '../../src/experiment/metrics.js';
import { replicate, type Replication } from '../../src/experiment/replication.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { scenario } from './arbitrary.js';

const record = { rows: 100_000, spans: 100_000 };
const run = (alternative: ResolvedAlternative, warmUpMs = 0): Promise<Replication> => replicate({ alternative, replication: 0, warmUpMs, record });

it('the books of any scenario balance', async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(scenario, fc.constantFrom(0, 0, 50), async (alternative, warmUpMs) => {
      // The invariants once, causal, little, memory and busy throw by themselves.
      const { measured, refused, record: recorded } = await run(alternative, warmUpMs);
      if (measured === undefined) return void expect(refused).toBeTruthy();
      ran++;
      for (const [i, app] of measured.apps.entries()) {
        expect(app.born, 'each ends once').toBe(app.answered + app.rejected + app.failed + app.unfinished);
        expect(app.withSlo).toBe(alternative.scenario.workload[i].slo_ms === undefined ? 0 : app.born);
        expect(app.inSlo).toBeLessThanOrEqual(app.answered);
        expect(app.inTime).toBeLessThanOrEqual(app.answered);
        expect(app.latencies.reduce((sum, n) => sum + n, 0)).toBe(app.answered);
        expect(app.latencySumMs).toBeGreaterThanOrEqual(0);
      }
      expect(recorded!.requests).toHaveLength(recorded!.requests_total);
      if (warmUpMs === 0) expect(recorded!.requests_total).toBe(measured.apps.reduce((sum, app) => sum + app.born, 0));
      for (const share of [...measured.busyShare, ...measured.outsideShare]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
      }
      for (const epochs of measured.epochs) expect(epochs).toBeGreaterThanOrEqual(0);
      const metrics = metricsOf(measured, alternative);
      for (const [name, value] of Object.entries(metrics)) {
        expect(Number.isFinite(value), `${name} is ${value}`).toBe(true);
        expect(value, name).toBeGreaterThanOrEqual(0);
        if (/share|attainment|utilisation/.test(name)) expect(value, name).toBeLessThanOrEqual(1 + 1e-9);
      }
      if ((metrics.goodput_rps ?? 0) * measured.windowMs > 1000 * measured.apps.reduce((sum, app) => sum + app.answered, 0) + 1e-6) throw new Error('more goodput than answers');
    }),
    { numRuns: 300 },
  );
  expect(ran, 'scenarios that were not refused').toBeGreaterThan(150);
});

it('nothing happens before its cause, and a worker does one thing at a time', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (alternative) => {
      const { record: recorded } = await run(alternative);
      if (recorded === undefined) return;
      for (const row of recorded.requests) {
        expect(row.attempts).toBeLessThanOrEqual(2);
        if (row.outcome !== 'answered') continue;
        expect(row.arrived_ms).toBeGreaterThanOrEqual(row.born_ms);
        expect(row.started_ms).toBeGreaterThanOrEqual(row.arrived_ms);
        expect(row.answered_ms).toBeGreaterThanOrEqual(row.started_ms);
        expect(row.latency_ms).toBe(row.answered_ms - row.born_ms);
      }
      const endOf = new Map<string, number>();
      const inOrder = [...recorded.spans].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
      for (const { accelerator, track, start_ms, end_ms } of inOrder) {
        expect(end_ms).toBeGreaterThanOrEqual(start_ms);
        const key = `${accelerator} ${track}`;
        expect(start_ms).toBeGreaterThanOrEqual(endOf.get(key) ?? 0);
        endOf.set(key, end_ms);
      }
    }),
    { numRuns: 150 },
  );
});
