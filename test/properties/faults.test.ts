import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import { faultyScenario } from './arbitrary.js';

it('the books balance whatever breaks: 10,000 random scripts of faults', { timeout: 300_000 }, async () => {
  let ran = 0;
  const broken = new Map<string, number>();
  const outcomes = { answered: 0, rejected: 0, failed: 0, unfinished: 0 };
  await fc.assert(
    fc.asyncProperty(faultyScenario, async (alternative) => {
      // The invariants once, causal, little, memory and busy throw by themselves.
      const { measured, refused, record } = await replicate({ alternative, replication: 0, warmUpMs: 0, record: { rows: 1000, spans: 2000 } });
      if (measured === undefined) return void expect(refused).toBeTruthy();
      ran++;
      for (const { born, answered, rejected, failed, unfinished } of measured.apps) {
        expect(born, 'each ends once').toBe(answered + rejected + failed + unfinished);
        outcomes.answered += answered;
        outcomes.rejected += rejected;
        outcomes.failed += failed;
        outcomes.unfinished += unfinished;
      }
      for (const row of record!.requests) expect(row.attempts).toBeLessThanOrEqual(alternative.scenario.supervision.retries + 1);
      for (const share of measured.busyShare) expect(share).toBeLessThanOrEqual(1 + 1e-9);
      for (const { what } of record!.faults ?? []) broken.set(what.split(' ').slice(0, 2).join(' '), (broken.get(what.split(' ').slice(0, 2).join(' ')) ?? 0) + 1);
      const endOf = new Map<string, number>();
      const inOrder = [...record!.spans].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
      for (const { accelerator, track, start_ms, end_ms } of inOrder) {
        expect(start_ms, 'a worker does one thing at a time').toBeGreaterThanOrEqual(endOf.get(`${accelerator} ${track}`) ?? 0);
        endOf.set(`${accelerator} ${track}`, end_ms);
      }
    }),
    { numRuns: 10_000 },
  );
  expect(ran, 'scripts that were not refused').toBeGreaterThan(5000);
  for (const kind of ['kill worker', 'hang worker', 'lose accelerator', 'lose site', 'fail load', 'cut link']) expect(broken.get(kind), kind).toBeGreaterThan(500);
  for (const outcome of Object.values(outcomes)) expect(outcome).toBeGreaterThan(1000);
});

it('an alternative is refused or carried out alike, whether or not it is recorded', async () => {
  await fc.assert(
    fc.asyncProperty(faultyScenario, async (alternative) => {
      const plain = await replicate({ alternative, replication: 0, warmUpMs: 0 });
      const { record: _record, ...recorded } = await replicate({ alternative, replication: 0, warmUpMs: 0, record: { rows: 10, spans: 10 } });
      expect(recorded).toEqual({ ...plain });
    }),
    { numRuns: 200 },
  );
});
