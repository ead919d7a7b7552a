import type { Verification, VerifiedAlternative, VerifiedMetric } from '../../experiment/verify/result.js';
import type { Speed } from '../../experiment/verify/speed.js';
import { metricStyle } from '../metric.js';
import { formatNumber } from '../number.js';
import { decisionSentences, errorText, valueText } from './sentences.js';

/** What `npm run fidelity` measured on one backend of one machine, as it is kept in calibration/measured. */
export interface Fidelity {
  backend: string;
  /** ISO date of the run. */
  date: string;
  /** The command that does it again. */
  command: string;
  /** Of the calibration: file of the profile, rows of its observations, how much solo runs of the same work differed. */
  profile: { file: string; rows: number; spreadPercent: number; driftPercent: number; quiet: boolean };
  saturated: Verification;
  loads: Verification;
  decisions: Verification;
}

/** Of the issue that asked for them: largest errors in percent. */
const GOALS: Readonly<Record<string, number>> = { throughput_rps: 3, latency_p50_ms: 5, latency_p95_ms: 10, epoch_s: 5 };
const LOAD_GOAL = 3;
const TAU_GOAL = 0.9;
/** Of a closed loop only what the server can do is asked, and of an open one how long answers take. */
const SATURATED = ['throughput_rps', 'epoch_s'];
const OPEN = ['latency_p50_ms', 'latency_p95_ms', 'epoch_s'];

const met = (isMet: boolean): string => (isMet ? 'met' : '**missed**');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => `| ${head.join(' | ')} |\n| ${head.map((_, i) => (i < 2 ? '---' : '---:')).join(' | ')} |\n${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;

function metricRow(alternative: VerifiedAlternative, name: string, metric: VerifiedMetric): string[] {
  const style = metricStyle(name);
  const { real, predicted, at_speed: atSpeed, error_percent: error, naive } = metric;
  const value = (x: number | undefined): string => (x === undefined ? '–' : valueText(x, style));
  const errorOf = (x: number | undefined): string => (x === undefined || real === undefined || real.median === 0 ? '–' : errorText(name, (100 * (x - real.median)) / real.median));
  const spread = real?.spread_percent === undefined ? '' : ` (${formatNumber(real.spread_percent, 2)} %)`;
  const verdict = error === undefined ? '–' : metric.verdict === 'inconclusive' ? 'inconclusive' : met(Math.abs(error) <= GOALS[name]);
  return [alternative.name, `${style.title}${style.unit === '' ? '' : `, ${style.unit}`}`, `${value(real?.median)}${spread}`, value(predicted?.mean), error === undefined ? '–' : errorText(name, error), `± ${GOALS[name]} %`, verdict, errorOf(atSpeed), errorOf(naive.no_contention), errorOf(naive.looked_up)];
}

const HEAD = ['case', 'metric', 'real, median (spread)', 'predicted', 'error', 'goal', 'verdict', 'error at the speed of the real runs', 'error without contention', 'error of looking up'];

function rowsOf({ alternatives }: Verification, names: readonly string[]): string[][] {
  return alternatives.flatMap((alternative) => (alternative.refused === undefined ? names.flatMap((name) => (alternative.metrics[name] === undefined ? [] : [metricRow(alternative, name, alternative.metrics[name])])) : [[alternative.name, `refused: ${alternative.refused.split('\n')[0]}`, ...HEAD.slice(2).map(() => '–')]]));
}

function loadRows({ alternatives }: Verification): string[][] {
  return alternatives.flatMap(({ name, load_equivalent: load, sender_late_ms: late }) => {
    if (load === undefined) return [];
    const { error_percent: error, reason } = load;
    return [[name, error === undefined ? `none: ${reason}` : `${error > 0 ? '+' : ''}${formatNumber(error, 2)} %`, `± ${LOAD_GOAL} %`, error === undefined ? '**missed**' : met(Math.abs(error) <= LOAD_GOAL), late === undefined ? '–' : `${formatNumber(late.p99, 2)} ms`]];
  });
}

function decisionPart({ decisions }: Fidelity): string {
  const { decision, alternatives, primary } = decisions;
  const style = metricStyle(primary);
  const rows = alternatives.map(({ name, metrics: { [primary]: metric } }) => [name, metric?.real === undefined ? '–' : `${valueText(metric.real.median, style)} (${valueText(metric.real.quartiles[0], style)} to ${valueText(metric.real.quartiles[1], style)})`, metric?.predicted === undefined ? '–' : valueText(metric.predicted.mean, style), metric?.error_percent === undefined ? '–' : errorText(primary, metric.error_percent)]);
  const tau = decision?.kendall_tau;
  const verdict = `Goal: τ of ${TAU_GOAL} or more over at least six alternatives: ${met(tau !== undefined && tau >= TAU_GOAL && alternatives.length >= 6)}.`;
  return `${table(['alternative', `${style.title} really${style.unit === '' ? '' : `, ${style.unit}`} (quartiles)`, 'predicted', 'error'], rows)}\n${[...decisionSentences(decisions), verdict].join(' ')}\n`;
}

/** How fast the machine was beside the profile, in each of the three parts. */
function speedSentence(parts: readonly Verification[]): string {
  const known = parts.flatMap(({ speed }) => speed ?? []);
  if (known.length === 0) return '';
  const factor = (speed: Speed): string => `${speed.factor >= 1 ? '+' : '−'}${formatNumber(Math.abs(100 * (speed.factor - 1)), 2)} %`;
  return ` In the real runs an image of ${known[0].model} alone took ${known.map((speed) => `${formatNumber(speed.real_ms, 3)} ms (${factor(speed)})`).join(', then ')}, by the profile ${formatNumber(known[0].profile_ms, 3)}.`;
}

function section(fidelity: Fidelity, reasons: string | undefined): string {
  const { backend, date, command, profile, saturated, loads, decisions } = fidelity;
  const { processor, processors, memory_gib: memory, node } = saturated.machine;
  const quiet = profile.quiet ? 'quiet' : '**noisy**, so that its profile was accepted by hand';
  return [
    `## ${backend}`,
    `${date}, ${processor}, ${processors} processors, ${formatNumber(memory)} GiB, Node ${node}: \`${command}\`. ${saturated.runs} real runs of each case, interleaved; ${saturated.replications} simulated. Profile: [${profile.file}](../${profile.file}), fitted to ${profile.rows} rows; while it was measured, the same work alone differed by ${formatNumber(profile.spreadPercent, 2)} % and drifted by ${formatNumber(profile.driftPercent, 2)} %: the machine was ${quiet}.${speedSentence([saturated, loads, decisions])}`,
    `### Saturated, and by load`,
    table(HEAD, [...rowsOf(saturated, SATURATED), ...rowsOf(loads, OPEN)]),
    `### Load-equivalent error`,
    table(['case', 'error', 'goal', 'verdict', 'sent late, 99th percentile'], loadRows(loads)),
    `### Decisions`,
    decisionPart(fidelity),
    ...(reasons === undefined ? [] : ['### Why it misses where it does', reasons.trim()]),
  ].join('\n\n');
}

/**
 * docs/fidelity.md.
 *
 * @param measured one for each backend that was measured
 * @param reasons by backend: what was found out about the misses, in Markdown
 */
export function fidelityPage(measured: readonly Fidelity[], reasons: Readonly<Record<string, string>>): string {
  const gpu = measured.some(({ backend }) => backend === 'webgpu' || backend === 'tfjs-node-gpu');
  return `${[
    '# Predictions held against reality',
    'What [calibrating](calibrate.md), [fitting](fit.md) and simulating are worth together: a profile is measured on part of what can run at the same time, a policy then serves traffic that the fit never saw, for real, and the simulation has predicted it beforehand. `npm run fidelity` measures one backend and writes this page, also where it misses.',
    gpu ? '' : '**No GPU has been measured yet.** What follows is of processors; how a GPU is shared differs, and nothing here shows how well that is predicted.',
    'The spread is the distance of the quartiles of the real runs, in percent of their median. An error is of the prediction, against the real median. Beside it stand two naive predictors: the same simulation as if neighbours cost nothing, and the measured co-run times looked up without simulating. Machines that are shared with others are not always equally fast: before the traffic of each real run without retraining an image alone is timed, and the error at that speed is of the same prediction with all times longer or shorter by one factor. What it is less than the error, the machine has changed; what it is, the model lacks. The load-equivalent error says by how much the load would have to differ for the predicted P95 to be the real one.',
    ...measured.map((each) => section(each, reasons[each.backend])),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}
