import { describe, expect, it } from 'vitest';
import { fitContention } from '../../../src/contention/fit/fit.js';
import type { GroupKey } from '../../../src/contention/fit/group.js';
import { laws, situation } from './laws.js';
import { inference, training } from './synthetic.js';
import { alone, fitOf, inside, keys, make, observed } from './measured.js';

describe('the right law, or one that says the same', { timeout: 60_000 }, () => {
  it.each(['none', 'linear', 'usl', 'bottleneck', 'two-queues'])('is chosen for data of %s', (law) => {
    for (const seed of [8001, 8002]) {
      const fit = fitOf(law, seed);
      for (const k of inside) {
        const off = fit.predict(k, 1e6, 1)!.ms / (alone(k) * laws[law].slowdown(situation(k))) - 1;
        expect(Math.abs(off), `${JSON.stringify(k)} seed ${seed}`).toBeLessThan(0.09);
      }
      expect(fit.selection.combined.crossValidation!.skill ?? 0).toBeGreaterThan(law === 'none' ? -0.5 : 0.5);
    }
  });

  it('is not claimed for a law outside of all families: the error that cross-validation states is that of new groups', () => {
    const errors: number[] = [];
    const stated: number[] = [];
    for (const seed of [8101, 8102, 8103, 8104]) {
      const fit = fitOf('outside', seed);
      stated.push(fit.selection.combined.leaveOneOut!.mape);
      for (const k of inside) errors.push(100 * Math.abs(fit.predict(k, 1, 1)!.ms / observed(make('outside', k, seed + 50_000)) - 1));
    }
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
    expect(mean(errors) / mean(stated)).toBeGreaterThan(0.5);
    expect(mean(errors) / mean(stated)).toBeLessThan(2);
  });
});

it('rejects a law that promises more than the accelerator has time for', () => {
  const truth = laws.bottleneck;
  const busy = keys.filter((k) => k.trainingJobs === 0).map((k) => ({ ...make('bottleneck', k, 1), readings: { accelerator_busy: truth.busy!(situation(k)) } }));
  const fit = fitContention(busy, { draws: 10 });
  const none = fit.selection.candidates.find((c) => c.name === 'none')!;
  expect(none.rejected).toMatch(/^at \d+ jobs of a its throughput would need \d+ % of the accelerator's time$/);
  expect(none.weight).toBe(0);
  expect(fit.selection.candidates.find((c) => c.name === 'bottleneck')!.rejected).toBeUndefined();
});

it('gives the same result for the same groups, in every bit', () => {
  const told = () => {
    const fit = fitOf('usl', 3, 20);
    return JSON.stringify([fit.selected, inside.map((k) => fit.predict(k, 20, 2))]);
  };
  expect(told()).toBe(told());
});

it('is surer with more data, and less sure farther away', () => {
  const width = (fit: ReturnType<typeof fitOf>, k: GroupKey) => {
    const [lo, hi] = fit.predict(k, 1000, 4)!.interval95Ms;
    return Math.log(hi / lo);
  };
  const fit = fitOf('bottleneck', 5);
  expect(width(fit, inference(16))).toBeGreaterThan(width(fit, inference(12)));
  expect(width(fit, inference(12))).toBeGreaterThan(width(fit, inference(6)));
  expect(fit.predict(inference(3), 10, 1)!.interval95Ms[0]).toBeLessThan(fit.predict(inference(3), 1000, 4)!.interval95Ms[0]);
});

describe('what the data cannot show', () => {
  const warnings = (of: GroupKey[]) => fitContention(of.map((k) => make('linear', k, 1)), { draws: 5 }).warnings.join('\n');

  it('is said in words', () => {
    expect(warnings([inference(1)])).toContain('No group has neighbours');
    expect(warnings([inference(1), inference(1, 1)])).toContain('Beside training only one inference job was measured');
    expect(warnings([inference(1), training(1)])).toContain('Training was never measured alone');
    expect(warnings([inference(1), inference(1, 1)])).toContain('assumed (5 %), not measured');
    expect(warnings([inference(2), inference(3)])).toContain('Never measured alone: inference:a');
  });

  it('is refused where nothing is left: an open loop', () => {
    expect(() => fitContention([{ ...make('linear', inference(1), 1), mode: 'open' }])).toThrow('no group of a closed loop');
  });
});
