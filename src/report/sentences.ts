import type { AlternativeResult, Comparison, Difference, Estimate } from '../experiment/result.js';
import { metricStyle, type MetricStyle } from './metric.js';
import { formatEstimate, formatNumber, formatP, formatShare, NBSP } from './number.js';

/** What the comparison says, in words; shared by the terminal and the report. */
export interface Summary {
  /** The best alternative; absent when nothing was predicted. */
  winner?: string;
  /** One sentence: who wins. */
  headline: string;
  /** By how much, how sure, who follows. */
  details: string[];
  /** What there is to know of single alternatives. */
  notes: { name: string; text: string }[];
}

/** Alternatives with a primary metric, best first; those without (refused, or nothing to measure) last, in the order of the scenario. */
export function ranked(comparison: Comparison): AlternativeResult[] {
  const sign = metricStyle(comparison.primary).better === 'higher' ? -1 : 1;
  const key = (a: AlternativeResult): number => {
    const mean = a.verdict === 'refused' ? NaN : (a.metrics[comparison.primary]?.mean ?? NaN);
    return Number.isNaN(mean) ? Infinity : sign * mean;
  };
  const chance = (a: AlternativeResult): number => comparison.best[a.name] ?? 0;
  const compare = (x: number, y: number): number => (x < y ? -1 : x > y ? 1 : 0);
  const sorted = [...comparison.alternatives].sort(
    (a, b) => Number(a.verdict === 'refused') - Number(b.verdict === 'refused') || compare(key(a), key(b)) || compare(chance(b), chance(a)),
  );
  // The likeliest to be best leads; with equal means or chances the order of means stands.
  const top = sorted
    .filter((a) => a.verdict !== 'refused')
    .reduce<AlternativeResult | undefined>((best, a) => (best === undefined || chance(a) > chance(best) ? a : best), undefined);
  return top === undefined ? sorted : [top, ...sorted.filter((a) => a !== top)];
}

/** The difference a − b of a metric, turned round if it is stored as b − a. */
export function difference(comparison: Comparison, a: string, b: string, metric: string): Difference | undefined {
  for (const d of comparison.differences) {
    if (d.metric !== metric) continue;
    if (d.a === a && d.b === b) return d;
    if (d.a === b && d.b === a) return { ...d, a, b, mean: -d.mean, ci95: [-d.ci95[1], -d.ci95[0]], p_a_better: 1 - d.p_a_better };
  }
  return undefined;
}

/** A difference counts as shown when its interval excludes zero and its corrected p-value is below 0.05. */
export function isShown(d: Difference): boolean {
  return d.p_value < 0.05 && (d.ci95[0] > 0 || d.ci95[1] < 0);
}

/** `23 ms`, or `3.1 points` for shares. */
function amount(value: number, style: MetricStyle, significant = 3): string {
  if (style.percent) return `${formatNumber(value * 100, significant)}${NBSP}percentage points`;
  return `${formatNumber(value, significant)}${style.unit === '' ? '' : `${NBSP}${style.unit}`}`;
}

function bounds([lo, hi]: [number, number], style: MetricStyle): string {
  const scale = style.percent ? 100 : 1;
  return `${formatNumber(lo * scale)} to ${amount(hi, style)}`;
}

/** Relative to `base`: `11 %`; nothing where that means nothing. */
function percentOf(value: number, base: number): string | undefined {
  const ratio = (value / Math.abs(base)) * 100;
  return base === 0 || !Number.isFinite(ratio) ? undefined : `${formatNumber(ratio, 2)}${NBSP}%`;
}

/** How far behind: `+34 %`, `× 12`. */
function behind(value: number, best: number, style: MetricStyle): string {
  const ratio = value / best;
  if (style.percent || best === 0 || !Number.isFinite(ratio) || ratio < 0)
    return `${value < best ? '−' : '+'}${amount(Math.abs(value - best), style, 2)}`;
  if (ratio >= 3) return `×${NBSP}${formatNumber(ratio, 2)}`;
  return `${ratio < 1 ? '−' : '+'}${formatNumber(Math.abs(ratio - 1) * 100, 2)}${NBSP}%`;
}

function list(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

function probabilities(comparison: Comparison, order: AlternativeResult[]): string | undefined {
  const chances = order.filter((a) => Object.hasOwn(comparison.best, a.name)).map((a) => ({ name: a.name, p: comparison.best[a.name] }));
  if (chances.length < 2) return undefined;
  const likely = chances.filter((c) => c.p >= 0.01).sort((a, b) => b.p - a.p);
  const rest = chances.length - likely.length;
  const text = likely.map((c) => `${c.name} ${formatShare(c.p)}`).join(', ');
  return `Probability of having the best mean: ${text}${rest > 0 ? `; ${rest === 1 ? 'the other' : 'each other'} below 1${NBSP}%` : ''}.`;
}

function unanswered(a: AlternativeResult): number {
  return ['rejected_share', 'failed_share', 'unfinished_share'].reduce((sum, name) => sum + (a.metrics[name]?.mean || 0), 0);
}

function slope(estimate: Estimate | undefined): string {
  if (estimate === undefined) return '';
  const [lo, hi] = estimate.ci95;
  return ` by ${formatNumber(estimate.mean, 2)} requests/s (95${NBSP}% interval ${formatNumber(lo, 2)} to ${formatNumber(hi, 2)})`;
}

function verdictClause(a: AlternativeResult): string | undefined {
  if (a.verdict === 'overloaded') return `overloaded: the backlog grew${slope(a.backlog_slope_rps)}, so its latency depends on how long the run is`;
  if (a.verdict === 'backlogged') {
    const growth = a.backlog_slope_rps === undefined ? '' : `; the backlog changed${slope(a.backlog_slope_rps)}, too little to call it overloaded`;
    return `backlogged: more requests than usual were waiting at the end and took longer to clear than the longest SLO, or some were never answered${growth}`;
  }
  return undefined;
}

function lostClause(a: AlternativeResult): string | undefined {
  if (unanswered(a) < 0.0005) return undefined;
  const parts = (['rejected', 'failed', 'unfinished'] as const)
    .map((word) => ({ word, share: a.metrics[`${word}_share`]?.mean ?? 0 }))
    .filter(({ share }) => share >= 0.0005)
    .map(({ word, share }) => `${formatShare(share)} ${word}`);
  return `of its requests, ${list(parts)}`;
}

function factsClause(a: AlternativeResult): string | undefined {
  const facts = Object.entries(a.facts ?? {});
  if (facts.length === 0) return undefined;
  const texts: string[] = [];
  for (const [name, value] of facts) {
    const of = facts.find(([other]) => name === `${other} limited by`);
    if (of !== undefined) texts[texts.length - 1] += `, limited by ${value}`;
    else texts.push(`${name} = ${typeof value === 'number' ? formatNumber(value, 4) : value}`);
  }
  return texts.join('; ');
}

function extrapolatedClause(a: AlternativeResult): string | undefined {
  if (a.extrapolated_share === undefined || a.extrapolated_share === 0) return undefined;
  const reason = a.extrapolated_reason === undefined ? '' : ` (${a.extrapolated_reason})`;
  return `extrapolated for ${formatShare(a.extrapolated_share)} of the time, outside of what was measured${reason}`;
}

const MOST_VARIANTS = 3;

function variantsClause(a: AlternativeResult): string | undefined {
  const apps = Object.entries(a.variants ?? {});
  if (apps.length === 0) return undefined;
  const texts = apps.map(([app, shares]) => {
    const used = Object.entries(shares).filter(([, share]) => share >= 0.0005).sort(([, x], [, y]) => y - x);
    const rest = used.slice(MOST_VARIANTS).reduce((sum, [, share]) => sum + share, 0);
    const shown = used.slice(0, MOST_VARIANTS).map(([model, share]) => `${model} ${formatShare(share)}`);
    return `${app} answered by ${list(rest > 0 ? [...shown, `${used.length - MOST_VARIANTS} more ${formatShare(rest)}`] : shown)}`;
  });
  return texts.join('; ');
}

function note(a: AlternativeResult): string | undefined {
  if (a.verdict === 'refused') return `refused: ${a.refused ?? 'no reason was given'}`;
  const clauses = [verdictClause(a), lostClause(a), extrapolatedClause(a), variantsClause(a), factsClause(a)].filter((c) => c !== undefined);
  return clauses.length === 0 ? undefined : clauses.join('. ').replace(/\. [a-z]/g, (m) => m.toUpperCase());
}

function stoppedSentence({ replications, stopped }: Comparison): string {
  const n = `${replications} ${replications === 1 ? 'replication' : 'replications'}`;
  if (stopped === 'precise') return `Stopped after ${n}: the interval of the primary metric was as narrow as asked for.`;
  if (stopped === 'refused') return 'Nothing more was run: every alternative was refused.';
  if (stopped === 'maximum') return `Stopped after ${n}, the most that the scenario allows.`;
  return `Interrupted after ${n}: intervals are wider than they would have been.`;
}

/** By how much the winner, or those that tie with it, lead over another alternative, with the interval of the paired difference. */
function lead(comparison: Comparison, winner: AlternativeResult, other: AlternativeResult, style: MetricStyle, whose: 'Its' | 'Their'): string {
  const best = winner.metrics[comparison.primary].mean;
  const base = other.metrics[comparison.primary].mean;
  const d = difference(comparison, winner.name, other.name, comparison.primary);
  const delta = d?.mean ?? best - base;
  const relative = style.percent ? undefined : percentOf(Math.abs(delta), base);
  const word = delta < 0 ? 'lower' : 'higher';
  const by = `${amount(Math.abs(delta), style)}${relative === undefined ? '' : ` (${relative})`}`;
  const start = `${whose} ${style.title} is ${by} ${word} than that of ${other.name}, ${whose === 'Its' ? 'the runner-up' : 'the next'}`;
  if (d === undefined) return `${start}; no interval was computed for this difference.`;
  const interval: [number, number] = delta < 0 ? [-d.ci95[1], -d.ci95[0]] : d.ci95;
  const lo = style.percent ? undefined : percentOf(interval[0], base);
  const hi = style.percent ? undefined : percentOf(interval[1], base);
  const relativeInterval = lo === undefined || hi === undefined ? '' : ` (${lo.replace(`${NBSP}%`, '')} to ${hi})`;
  return `${start}; 95${NBSP}% interval ${bounds(interval, style)}${relativeInterval}, ${formatP(d.p_value)} (paired t test, Holm-corrected).`;
}

/** A winner that takes more GPUs than others need is not compared on equal terms: says who is best with the fewest. */
function bestOnFewerGpus(winner: AlternativeResult, others: AlternativeResult[], primary: string, style: MetricStyle): string | undefined {
  const gpus = (a: AlternativeResult): number => a.metrics.gpus?.mean ?? Infinity;
  const fewest = Math.min(...others.map(gpus));
  const other = others.find((a) => gpus(a) === fewest);
  if (other === undefined || !(gpus(winner) > fewest) || gpus(winner) === Infinity) return undefined;
  const count = (n: number): string => `${formatNumber(n)}${NBSP}${n === 1 ? 'GPU' : 'GPUs'}`;
  return `Mind the cost: ${winner.name} takes ${count(gpus(winner))}; the best with ${count(fewest)} is ${other.name}, ${formatEstimate(other.metrics[primary], style, { withUnit: true })}.`;
}

/** What the leading alternatives leave to the retraining job, where they differ in that by more than a tenth. */
function epochSentence(comparison: Comparison, order: AlternativeResult[]): string | undefined {
  const leading = order.slice(0, 3).filter((a) => Number.isFinite(a.metrics.epoch_s?.mean ?? NaN));
  const seconds = leading.map((a) => a.metrics.epoch_s.mean);
  if (comparison.primary === 'epoch_s' || leading.length < 2 || !(Math.max(...seconds) > 1.1 * Math.min(...seconds))) return undefined;
  return `Mind retraining: an epoch takes ${list(leading.map((a, i) => `${formatNumber(seconds[i])}${NBSP}s under ${a.name}`))}.`;
}

/** The comparison in plain words. */
export function summarise(comparison: Comparison): Summary {
  const order = ranked(comparison);
  const notes = order.flatMap((a) => {
    const text = note(a);
    return text === undefined ? [] : [{ name: a.name, text }];
  });
  const style = metricStyle(comparison.primary);
  const predicted = order.filter((a) => a.verdict !== 'refused');
  const measured = predicted.filter((a) => Number.isFinite(a.metrics[comparison.primary]?.mean ?? NaN));
  if (predicted.length === 0) return { headline: 'Every alternative was refused: nothing was predicted.', details: [], notes };
  if (measured.length === 0)
    return { headline: `No alternative has a value of ${style.title}: there is nothing to compare.`, details: [...(comparison.notes ?? []), stoppedSentence(comparison)], notes };

  const [winner, ...others] = measured;
  const value = formatEstimate(winner.metrics[comparison.primary], style, { withUnit: true });
  if (others.length === 0) {
    return {
      winner: winner.name,
      headline: comparison.alternatives.length === 1 ? `${winner.name}: ${style.title} ${value}.` : `Only ${winner.name} has a value of ${style.title}: ${value}.`,
      details: [...(comparison.notes ?? []), stoppedSentence(comparison)],
      notes,
    };
  }
  const toWinner = new Map(others.map((o) => [o, difference(comparison, winner.name, o.name, comparison.primary)]));
  const isEqual = (d: Difference | undefined): boolean => d !== undefined && d.mean === 0 && d.ci95[0] === 0 && d.ci95[1] === 0;
  const equal = others.filter((o) => isEqual(toWinner.get(o)));
  const rest = others.filter((o) => !equal.includes(o));
  const unsure = rest.filter((o) => {
    const d = toWinner.get(o);
    return d === undefined || !isShown(d);
  });
  const start =
    equal.length > 0
      ? `${list([winner, ...equal].map((a) => a.name))} tie on ${style.title}: ${value}, the same in each replication`
      : `${winner.name} ${unsure.length === 0 ? `wins on ${style.title}: ${value}` : `leads on ${style.title} with ${value}`}`;
  const headline = unsure.length === 0 ? `${start}.` : `${start}, but it is not shown to be better than ${list(unsure.map((t) => t.name))}.`;
  const details: string[] = [];
  if (rest.length > 0) details.push(lead(comparison, winner, rest[0], style, equal.length > 0 ? 'Their' : 'Its'));
  const chances = probabilities(comparison, measured);
  if (chances !== undefined) details.push(chances);
  if (rest.length > 1) {
    const best = winner.metrics[comparison.primary].mean;
    const further = rest.slice(1).map((o) => `${o.name} (${behind(o.metrics[comparison.primary].mean, best, style)})`);
    details.push(`Further behind ${winner.name}: ${list(further)}.`);
  }
  const epochs = epochSentence(comparison, measured);
  if (epochs !== undefined) details.push(epochs);
  const fewer = bestOnFewerGpus(winner, others, comparison.primary, style);
  if (fewer !== undefined) details.push(fewer);
  const lost = unanswered(winner);
  if (comparison.primary.startsWith('latency') && lost >= 0.001) {
    details.push(`Latency counts answered requests only, and ${winner.name} left ${formatShare(lost)} unanswered: look at goodput too.`);
  }
  if (winner.verdict === 'overloaded') details.push(`${winner.name} is overloaded: none of these numbers would last in a longer run.`);
  details.push(...(comparison.notes ?? []), stoppedSentence(comparison));
  return { winner: winner.name, headline, details, notes };
}
