import type { AlternativeResult, Comparison, Metrics } from '../../experiment/result.js';
import { metricNames, metricStyle } from '../metric.js';
import { formatEstimate, formatNumber, formatP, formatShare, NBSP } from '../number.js';
import { isShown } from '../sentences.js';
import { escapeHtml } from './escape.js';

const cell = (text: string, kind?: string): string => `<td${kind === undefined ? '' : ` class="${kind}"`}>${text}</td>`;

function scroll(label: string, head: string[], body: string[]): string {
  const heads = head.map((h) => `<th scope="col">${h}</th>`).join('');
  return `<div class="scroll" role="region" aria-label="${escapeHtml(label)}" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Column heads of alternatives with the colour that they have in the charts. */
function heads(comparison: Comparison, alternatives: AlternativeResult[], swatch: (index: number) => string): string[] {
  return alternatives.map((a) => `<span title="${escapeHtml(a.name)}">${swatch(comparison.alternatives.indexOf(a))} ${escapeHtml(a.name)}</span>`);
}

function rowLabel(metric: string): string {
  const { title, unit } = metricStyle(metric);
  return `<th scope="row" title="${escapeHtml(metric)}">${escapeHtml(title)}${unit === '' ? '' : ` <span class="unit">${escapeHtml(unit)}</span>`}</th>`;
}

function metricRows(names: string[], columns: (Metrics | undefined)[]): string[] {
  return names.map((name) => {
    const style = metricStyle(name);
    const means = columns.map((m) => m?.[name]?.mean ?? NaN).filter((v) => Number.isFinite(v));
    const best =
      style.better === 'neither' || new Set(means).size < 2 ? undefined : style.better === 'lower' ? Math.min(...means) : Math.max(...means);
    const cells = columns.map((m) => {
      const estimate = m?.[name];
      if (estimate === undefined) return cell('–', 'none');
      const text = formatEstimate(estimate, style).replace(`${NBSP}%`, '');
      return cell(escapeHtml(text), estimate.mean === best && means.filter((v) => v === best).length === 1 ? 'best' : undefined);
    });
    return `<tr>${rowLabel(name)}${cells.join('')}</tr>`;
  });
}

/** All metrics of all alternatives, means ± half the width of the 95 % interval. */
export function metricsTable(comparison: Comparison, swatch: (index: number) => string): string {
  const all = comparison.alternatives;
  const verdicts = `<tr><th scope="row">verdict</th>${all.map((a) => cell(a.verdict, a.verdict)).join('')}</tr>`;
  const decisions = [...new Set(all.flatMap((a) => Object.keys(a.decisions)))].map(
    (name) =>
      `<tr><th scope="row">${escapeHtml(name)} <span class="unit">policy</span></th>${all.map((a) => (Object.hasOwn(a.decisions, name) ? cell(escapeHtml(a.decisions[name])) : cell('–', 'none'))).join('')}</tr>`,
  );
  return scroll(
    'Metrics of all alternatives',
    ['', ...heads(comparison, all, swatch)],
    [
      verdicts,
      ...metricRows(
        metricNames(comparison),
        all.map((a) => a.metrics),
      ),
      ...decisions,
    ],
  );
}

/** Metrics by app, one table per app; empty where there is at most one app. */
export function appTables(comparison: Comparison, swatch: (index: number) => string): string {
  const shown = comparison.alternatives.filter((a) => a.apps !== undefined);
  const apps = [...new Set(shown.flatMap((a) => Object.keys(a.apps!)))];
  if (apps.length < 2) return '';
  return apps
    .map((app) => {
      const columns = shown.map((a) => a.apps![app]);
      const names = [...new Set(columns.flatMap((m) => Object.keys(m ?? {})))];
      return `<h3>${escapeHtml(app)}</h3>${scroll(`Metrics of app ${app}`, ['', ...heads(comparison, shown, swatch)], metricRows(names, columns))}`;
    })
    .join('\n');
}

/** Every paired difference. */
export function differencesTable(comparison: Comparison): string {
  if (comparison.differences.length === 0) return '';
  const body = comparison.differences.map((d) => {
    const { title, percent, unit } = metricStyle(d.metric);
    const scale = percent ? 100 : 1;
    const number = (v: number): string => escapeHtml(formatNumber(v * scale));
    return `<tr><th scope="row">${escapeHtml(`${d.a} − ${d.b}`)}</th>${cell(`${escapeHtml(title)} <span class="unit">${escapeHtml(percent ? 'points' : unit)}</span>`)}${cell(
      number(d.mean),
      isShown(d) ? 'best' : undefined,
    )}${cell(`${number(d.ci95[0])} to ${number(d.ci95[1])}`)}${cell(escapeHtml(formatP(d.p_value)))}${cell(escapeHtml(formatShare(d.p_a_better)))}</tr>`;
  });
  return scroll('All paired differences', ['first − second', 'metric', 'mean', '95 % interval', 'Holm-corrected', 'first is better'], body);
}
