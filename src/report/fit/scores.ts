import { thin, type Chart } from '../charts/chart.js';
import { token } from '../charts/theme.js';
import { predicted, unseen } from './colours.js';
import { formatNumber, formatPercent } from '../number.js';
import { escapeHtml } from '../page/escape.js';
import type { FitPage, FitScore } from './input.js';

const METHODS = [
  ['leaveOneOutMape', 'leave one group out', predicted],
  ['extrapolationMape', 'more neighbours than seen', token('training')],
  ['testMape', 'never seen by the fit', unseen],
] as const;

/** Beyond this error the axis ends: naive models would push the others together. */
const MOST_SHOWN_PERCENT = 100;

const worst = (s: FitScore): number => Math.max(...METHODS.map(([field]) => s[field] ?? -1));

/** Candidates by their error in cross-validation, the naive ones after them, the rejected last. */
export function rankedScores(scores: readonly FitScore[]): FitScore[] {
  const rank = (s: FitScore): number => (s.rejected !== undefined ? 2 : s.role === 'naive' ? 1 : 0);
  const error = (s: FitScore): number => s.leaveOneOutMape ?? s.extrapolationMape ?? s.testMape ?? Infinity;
  return [...scores].sort((a, b) => rank(a) - rank(b) || error(a) - error(b) || (a.name < b.name ? -1 : 1));
}

/** Errors of all candidates and of the naive ones. */
export function scoresChart(page: FitPage): Chart {
  const shown = rankedScores(page.scores).filter((s) => worst(s) >= 0);
  const rows = shown.flatMap((s) =>
    METHODS.flatMap(([field, method]) => {
      const error = s[field];
      if (error === undefined) return [];
      return [{ name: s.name, method, error: thin(Math.min(error, MOST_SHOWN_PERCENT)), text: `${formatPercent(error)} %`, beyond: error > MOST_SHOWN_PERCENT }];
    }),
  );
  const used = METHODS.filter(([field]) => shown.some((s) => s[field] !== undefined));
  const y = { field: 'name', type: 'nominal', scale: { domain: shown.map((s) => s.name) }, axis: { title: null, labelLimit: 150, labelOverlap: false } };
  const x = { field: 'error', type: 'quantitative', scale: { zero: true, nice: false, padding: 12 }, axis: { title: 'mean absolute error, %', tickCount: 5 } };
  const color = { field: 'method', type: 'nominal', scale: { domain: used.map(([, method]) => method), range: used.map(([, , colour]) => colour) }, legend: null };
  const tooltip = [
    { field: 'name', title: 'model' },
    { field: 'method', title: 'test' },
    { field: 'text', title: 'error' },
  ];
  return {
    id: 'scores',
    title: 'Scores of all candidates',
    about:
      'Mean absolute error over co-run groups that a model did not see when it was fitted. Two naive ones show what there is to gain: no contention at all, and the nearest measured group.',
    legend: used.map(([, label, colour]) => ({ label, colour: colour, mark: 'block' as const })),
    panels: [
      {
        alt: `Errors: ${rows.map((r) => `${r.name}, ${r.method}: ${r.text}`).join('; ')}.`,
        data: { scores: rows },
        spec: {
          width: 'container',
          height: Math.max(1, shown.length) * 28,
          data: { name: 'scores' },
          encoding: { x, y, color, tooltip },
          layer: [
            { mark: { type: 'point', filled: true, size: 70, opacity: 0.95 }, transform: [{ filter: '!datum.beyond' }] },
            { mark: { type: 'point', filled: false, shape: 'triangle-right', size: 80, strokeWidth: 2 }, transform: [{ filter: 'datum.beyond' }] },
          ],
        },
      },
    ],
    layout: 'wide',
    ...(rows.some((r) => r.beyond) ? { note: `Triangles lie beyond ${MOST_SHOWN_PERCENT} %; the table has their values.` } : {}),
  };
}

/** The same in numbers, with weights, and why some were rejected. */
export function scoresTable(page: FitPage): string {
  const used = METHODS.filter(([field]) => page.scores.some((s) => s[field] !== undefined));
  const best = new Map(used.map(([field]) => [field, Math.min(...page.scores.filter((s) => s.rejected === undefined).map((s) => s[field] ?? Infinity))]));
  const cell = (text: string, kind?: string): string => `<td${kind === undefined ? '' : ` class="${kind}"`}>${escapeHtml(text)}</td>`;
  const percent = (value: number | undefined, isBest: boolean): string => (value === undefined ? cell('–', 'none') : cell(formatPercent(value, 3), isBest ? 'best' : undefined));
  const rows = rankedScores(page.scores).map((s) => {
    const remark = s.rejected ?? (s.role === 'naive' ? 'naive' : '');
    const errors = used.map(([field]) => percent(s[field], s[field] === best.get(field) && s.rejected === undefined));
    const skill = s.skill === undefined ? cell('–', 'none') : cell(formatNumber(s.skill, 2));
    return `<tr><th scope="row">${escapeHtml(s.name)}</th>${errors.join('')}${skill}${cell(s.weight > 0 ? formatNumber(s.weight, 2) : '–', s.weight > 0 ? undefined : 'none')}<td class="left unit remark">${escapeHtml(remark)}</td></tr>`;
  });
  const heads = ['', ...used.map(([, method]) => `${method} %`), 'skill', 'weight', ''].map((h) => `<th scope="col">${escapeHtml(h)}</th>`).join('');
  return `<div class="scroll" role="region" aria-label="Scores" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}
