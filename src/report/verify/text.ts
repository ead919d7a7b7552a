import picocolors from 'picocolors';
import type { Verification, VerifiedAlternative, VerifiedMetric } from '../../experiment/verify/result.js';
import { metricStyle } from '../metric.js';
import { NBSP } from '../number.js';
import { printable, textWidth, wrap } from '../text-width.js';
import { decisionSentences, errorText, headline, loadSentence, predictedText, realText, valueText } from './sentences.js';

const HEAD = ['', 'real', 'predicted', 'error', 'allowed', 'verdict', 'no contention', 'looked up'];
const GAP = '  ';

function row(name: string, metric: VerifiedMetric): string[] {
  const style = metricStyle(name);
  const { error_percent: error, tolerance_percent: tolerance, verdict, naive } = metric;
  return [
    `${style.title}${style.unit === '' ? '' : ` (${style.unit})`}`,
    realText(metric, style),
    predictedText(metric, style),
    error === undefined ? '–' : errorText(name, error),
    tolerance === undefined ? '' : `± ${tolerance}`,
    verdict ?? '',
    naive.no_contention === undefined ? '–' : valueText(naive.no_contention, style),
    naive.looked_up === undefined ? '–' : valueText(naive.looked_up, style),
  ];
}

/** What is not judged and the same on both sides, as shares that are 0, is in the report and not in the terminal. */
const isTold = ({ verdict, error_percent: error }: VerifiedMetric): boolean => verdict !== undefined || error === undefined || Math.abs(error) > 0.01;

function tableOf({ metrics }: VerifiedAlternative): string[] {
  const told = Object.entries(metrics).filter(([, metric]) => isTold(metric));
  const rows = [HEAD, ...told.map(([name, metric]) => row(name, metric))].map((cells) => cells.map((cell) => cell.replaceAll(NBSP, ' ')));
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => textWidth(cells[column]))));
  return rows.map((cells) => cells.map((cell, i) => (i === 0 ? cell + ' '.repeat(widths[i] - textWidth(cell)) : ' '.repeat(widths[i] - textWidth(cell)) + cell)).join(GAP).trimEnd());
}

/** A verification for the terminal: a table for each alternative, and sentences. */
export function verificationText(verification: Verification, { width = 100, colour }: { width?: number; colour: boolean }): string {
  const c = picocolors.createColors(colour);
  const paint = { ok: c.green, off: c.red, inconclusive: c.yellow, refused: c.dim };
  const lines: string[] = [];
  const write = (text: string, how: (text: string) => string = String): void => {
    for (const line of wrap(printable(text), Math.max(60, width))) lines.push(how(line));
  };
  const { scenario, seed, backend, profiles, runs, replications, alternatives, notes } = verification;
  if (verification.title !== undefined) write(verification.title, c.bold);
  write(`${scenario} · seed ${seed} · ${profiles.join(', ')} against ${backend} · ${runs} real ${runs === 1 ? 'run' : 'runs'}, ${replications} simulated`, c.dim);
  for (const alternative of alternatives) {
    lines.push('');
    write(`${alternative.name}: ${alternative.verdict}${alternative.refused === undefined ? '' : ` – ${alternative.refused}`}${alternative.runs === runs || alternative.runs === 0 ? '' : ` (${alternative.runs} of ${runs} real runs)`}`, paint[alternative.verdict]);
    if (Object.keys(alternative.metrics).length === 0) continue;
    for (const line of tableOf(alternative)) lines.push(line);
  }
  lines.push('');
  write(headline(verification), paint[verification.verdict]);
  for (const alternative of alternatives) {
    const load = loadSentence(alternative);
    if (load !== undefined) write(load);
  }
  for (const sentence of [...decisionSentences(verification), ...notes]) write(sentence);
  return `${lines.join('\n')}\n`;
}
