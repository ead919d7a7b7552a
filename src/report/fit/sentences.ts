import { formatNumber, formatPercent } from '../number.js';
import type { FitPage, FitScore } from './input.js';
import { rankedScores } from './scores.js';

const percent = (value: number): string => `${formatPercent(value)} %`;
const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

function errorsOf(score: FitScore): string {
  const parts = [
    ...(score.leaveOneOutMape === undefined ? [] : [`${percent(score.leaveOneOutMape)} when one group is left out`]),
    ...(score.extrapolationMape === undefined ? [] : [`${percent(score.extrapolationMape)} with more neighbours than seen`]),
    ...(score.testMape === undefined ? [] : [`${percent(score.testMape)} on groups that it never saw`]),
  ];
  return listed(parts);
}

/** The finding in a sentence, and what there is to know beside it. */
export function fitSentences(page: FitPage): { headline: string; details: string[] } {
  const ranked = rankedScores(page.scores);
  const selected = ranked.filter((s) => s.weight > 0).sort((a, b) => b.weight - a.weight);
  if (selected.length === 0) return { headline: 'No model could be fitted to these data.', details: [...page.warnings] };
  const main = selected[0];
  const name =
    selected.length === 1 ? main.name : `A combination of ${listed(selected.slice(0, 3).map((s) => `${s.name} (${formatNumber(s.weight, 2)})`))}${selected.length > 3 ? ' and others' : ''}`;
  const together = selected.length > 1 ? page.scores.find((s) => s.name === 'combination') : undefined;
  const errors = errorsOf(together ?? main);
  const headline = `${name}${errors === '' ? ' was selected' : ` is off by ${errors}`}.`;
  const naive = ranked.filter((s) => s.role === 'naive' && errorsOf(s) !== '').map((s) => `${s.name} is off by ${errorsOf(s)}`);
  const tested = page.groups.some((g) => g.set === 'test' && !g.solo);
  const groups = page.groups.filter((g) => !g.solo && (!tested || g.set === 'test'));
  const inside = groups.filter((g) => g.observedMs >= g.interval95Ms[0] && g.observedMs <= g.interval95Ms[1]).length;
  return {
    headline,
    details: [
      ...(selected.length > 1 && together === undefined && errors !== '' ? [`These are the errors of ${main.name}, which has the largest weight.`] : []),
      ...(naive.length === 0 ? [] : [`To compare: ${naive.join('; ')}.`]),
      ...(groups.length === 0 ? ['There is no group with neighbours, so nothing is known of contention.'] : [`${inside} of ${groups.length} observed medians ${tested ? 'that the fit never saw ' : ''}lie within their 95 % intervals.`]),
      ...page.warnings,
    ],
  };
}
