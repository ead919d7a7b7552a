import type { ReplayResult } from '../../experiment/replay/replay.js';
import type { Counts, Latency } from '../../experiment/replay/tally.js';
import { formatNumber, formatShare } from '../number.js';
import { duration } from '../trace/text.js';

const latencyText = ({ mean, p50, p95, p99, max }: Latency): string =>
  `median ${formatNumber(p50)} ms, P95 ${formatNumber(p95)}, P99 ${formatNumber(p99)}, longest ${formatNumber(max)}, mean ${formatNumber(mean)}`;

function countLines(counts: Counts): [label: string, text: string][] {
  const { latency_from_due_ms: due, latency_from_sent_ms: sent, sender_late_ms: late, slo_attainment: slo } = counts;
  const lines: [string, string][] = [['outcomes', Object.entries(counts.outcomes).map(([outcome, count]) => `${outcome}: ${count.toLocaleString('en')}`).join(', ')]];
  lines.push(['throughput', `${formatNumber(counts.throughput_rps)} answers per second`]);
  if (due) lines.push(['latency', `from due: ${latencyText(due)}`]);
  if (sent) lines.push(['', `from sent: ${latencyText(sent)}`]);
  if (late) lines.push(['sender late', `median ${formatNumber(late.p50)} ms, P99 ${formatNumber(late.p99)}, at most ${formatNumber(late.max)}`]);
  if (slo !== undefined) lines.push(['within SLO', formatShare(slo)]);
  return lines;
}

/** What a replay saw, for the terminal. @param trace its name */
export function replayText(trace: string, result: ReplayResult): string {
  const pace = result.mode === 'open' ? `open loop${result.speed === 1 ? '' : ` at ${result.speed} times the speed`}${result.offered_rps === undefined ? '' : `, ${formatNumber(result.offered_rps)} per second offered`}` : `closed loop of ${result.clients} clients that think ${formatNumber(result.think_ms)} ms`;
  const lines: [string, string][] = [
    ['requests', `${result.requests.toLocaleString('en')} in ${duration(result.duration_s)}, at most ${result.most_open.toLocaleString('en')} open; ${pace}`],
    ...countLines(result),
  ];
  const block = (title: string, rows: readonly [string, string][]): string => `${title}\n${rows.map(([label, text]) => `  ${label.padEnd(13)}${text}\n`).join('')}`;
  const apps = (result.apps ?? []).map(({ app, model, ...counts }) => block(`${app ?? 'the rest'} → ${model}`, [['requests', counts.requests.toLocaleString('en')], ...countLines(counts)]));
  const refused = Object.entries(result.refusals).map(([status, words]) => `The server's first ${status}: ${words.slice(0, 300)}\n`);
  return `${block(`${trace} → ${result.url}`, lines)}${apps.join('')}${refused.join('')}${result.warnings.map((warning) => `${warning}\n`).join('')}`;
}
