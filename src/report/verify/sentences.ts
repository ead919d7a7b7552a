import type { Verification, VerifiedAlternative, VerifiedMetric } from '../../experiment/verify/result.js';
import { metricStyle, type MetricStyle } from '../metric.js';
import { formatNumber, formatPercent } from '../number.js';

const signed = (value: number): string => `${value >= 0.005 ? '+' : ''}${formatPercent(value, 3)}`;

/** A value in the unit of its metric, without the unit. */
export const valueText = (value: number, { percent }: MetricStyle): string => formatNumber(percent ? 100 * value : value);

/** `+3.2 %`, or in points where the metric is a share. */
export function errorText(name: string, percent: number): string {
  return `${signed(percent)} ${metricStyle(name).percent ? 'points' : '%'}`;
}

/** What came out, in one sentence. */
export function headline({ verdict, alternatives, stopped }: Verification): string {
  const judged = alternatives.filter((a) => a.verdict !== 'refused');
  const told = {
    ok: judged.length === 1 ? 'The prediction holds within the tolerances.' : 'The predictions hold within the tolerances.',
    off: `The prediction is off: ${offMetrics(judged).join('; ')}.`,
    inconclusive: 'Inconclusive: the real runs differ too much, or lack a value, so the prediction is neither confirmed nor refuted.',
    refused: 'Nothing could be verified.',
  }[verdict];
  return stopped === 'interrupted' ? `${told} It was interrupted: what is shown rests on the real runs that were finished.` : told;
}

function offMetrics(alternatives: readonly VerifiedAlternative[]): string[] {
  return alternatives.flatMap(({ name, metrics }) =>
    Object.entries(metrics)
      .filter(([, { verdict }]) => verdict === 'off')
      .map(([metric, { error_percent }]) => `${metricStyle(metric).title} of ${name}${error_percent === undefined ? '' : ` by ${errorText(metric, error_percent)}`}`),
  );
}

/** By how much more or less load the prediction would be right. */
export function loadSentence({ name, load_equivalent: load }: VerifiedAlternative): string | undefined {
  if (load === undefined) return undefined;
  if (load.error_percent === undefined) return `${name}: no load-equivalent error, since ${load.reason}.`;
  const { error_percent: error } = load;
  if (error === 0) return `${name}: load-equivalent error 0.`;
  return `${name}: load-equivalent error ${formatNumber(Math.abs(error), 2)} %: the real P95 is that of a simulation at ${formatNumber(Math.abs(error), 2)} % ${error > 0 ? 'more' : 'less'} load.`;
}

/** What ranking and choosing by simulation is worth. */
export function decisionSentences({ decision }: Verification): string[] {
  if (decision === undefined) return [];
  const { metric, kendall_tau: tau, pairs, concordant, discordant, tied_real, chosen_by_simulation: chosen, really_best: best, regret, regret_percent, within_noise } = decision;
  const style = metricStyle(metric);
  const ranking =
    tau === undefined
      ? `Ranking by ${style.title}: no pair of ${pairs} is told apart on both sides, so there is no τ.`
      : `Ranking by ${style.title}: Kendall’s τ ${formatNumber(tau, 3)}; of ${pairs} pairs ${concordant} are ordered alike, ${discordant} differently, and ${tied_real} are not told apart in reality.`;
  const choice =
    chosen === best
      ? `The simulation chooses ${chosen}, which is really the best: no regret.`
      : `The simulation chooses ${chosen}, and really the best is ${best}: a regret of ${valueText(regret, style)}${style.unit === '' ? '' : ` ${style.unit}`}${regret_percent === undefined ? '' : ` (${formatNumber(regret_percent, 2)} %)`}${within_noise ? ', within what the real runs differ by' : ''}.`;
  return [ranking, choice];
}

/** `12.3 (12.1 to 12.6)`: the median and the quartiles of the real runs. */
export function realText({ real }: VerifiedMetric, style: MetricStyle): string {
  if (real === undefined) return '–';
  const [low, high] = real.quartiles;
  return real.values.length < 2 ? valueText(real.median, style) : `${valueText(real.median, style)} (${valueText(low, style)} to ${valueText(high, style)})`;
}

/** `12.3 ± 0.2`, with the wider interval behind it where the profile states one. */
export function predictedText({ predicted }: VerifiedMetric, style: MetricStyle): string {
  if (predicted === undefined) return '–';
  const [low, high] = predicted.interval95_model ?? predicted.ci95;
  const interval = low === high || !Number.isFinite(low) ? '' : ` (${valueText(low, style)} to ${valueText(high, style)})`;
  return `${valueText(predicted.mean, style)}${interval}`;
}
