import fc from 'fast-check';
import type { AlternativeResult, Comparison, Estimate } from '../../src/experiment/result.js';

const value = fc.oneof(
  fc.constantFrom(0, 1, -1, 1e-9, 1e300, -1e300, 0.99999, 123456.789, NaN, Infinity),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.double({ min: 0, max: 1 }),
);

const estimate: fc.Arbitrary<Estimate> = fc.record({ mean: value, half: fc.oneof(value, fc.constant(Infinity)) }).map(({ mean, half }) => ({
  mean,
  ci95: [mean - Math.abs(half), mean + Math.abs(half)],
}));

const text = fc.oneof(
  fc.string({ maxLength: 120 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.constantFrom('corun', '停電した端末の名前がとても長い場合', '</script><script>alert(1)</script>', 'a,"b"\nc', '\u001b[2Jwiped', '_'.repeat(200)),
);

const metricName = fc.constantFrom(
  'latency_p95_ms',
  'latency_mean_ms',
  'goodput_rps',
  'slo_attainment',
  'epoch_s',
  'gpus',
  'rejected_share',
  'queue_ms',
  'custom_share',
  'nonsense',
);

const alternative = fc.record(
  {
    name: text,
    verdict: fc.constantFrom('stable', 'backlogged', 'overloaded', 'refused'),
    refused: text,
    extrapolated_share: fc.double({ min: 0, max: 1, noNaN: true }),
    extrapolated_reason: text,
    decisions: fc.dictionary(text, text, { maxKeys: 3 }),
    facts: fc.dictionary(text, fc.oneof(value, text), { maxKeys: 3 }),
    backlog_slope_rps: estimate,
    metrics: fc.dictionary(metricName, estimate, { maxKeys: 8 }),
  },
  { requiredKeys: ['name', 'verdict', 'decisions', 'metrics'] },
) as fc.Arbitrary<AlternativeResult>;

/** Comparisons that need not make sense, with names and numbers of every kind. */
export const anyComparison: fc.Arbitrary<Comparison> = fc
  .record({
    scenario: text,
    title: fc.option(text, { nil: undefined }),
    seed: fc.oneof(fc.integer(), text),
    primary: metricName,
    replications: fc.nat(1000),
    stopped: fc.constantFrom('precise' as const, 'maximum' as const, 'interrupted' as const),
    alternatives: fc.uniqueArray(alternative, { selector: (a) => a.name, maxLength: 7 }),
    differences: fc.array(
      fc.record({ from: fc.nat(6), to: fc.nat(6), metric: metricName, estimate, p: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { maxLength: 12 },
    ),
    chances: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
  })
  .map(({ differences, chances, title, alternatives, ...rest }) => ({
    ...rest,
    schema: 'corun/comparison@1' as const,
    ...(title === undefined ? {} : { title }),
    alternatives,
    differences: differences
      .filter(({ from, to }) => from !== to && from < alternatives.length && to < alternatives.length)
      .map(({ from, to, metric, estimate: e, p }) => ({
        a: alternatives[from].name,
        b: alternatives[to].name,
        metric,
        mean: e.mean,
        ci95: e.ci95,
        p_value: p,
        p_a_better: p,
      })),
    best: Object.fromEntries(alternatives.map((a, i) => [a.name, chances[i]] as const).filter((_, i) => alternatives[i].verdict !== 'refused')),
    profiles: [],
  }));
