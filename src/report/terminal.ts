import picocolors from 'picocolors';
import type { AlternativeResult, Comparison, Verdict } from '../experiment/result.js';
import { keyMetricNames, metricStyle } from './metric.js';
import { formatEstimate, formatMean, NBSP } from './number.js';
import { ranked, summarise } from './sentences.js';
import { printable, textWidth, truncate, wrap } from './text-width.js';

export interface TerminalOptions {
  /** Columns; no line is longer. At least 40 are used. */
  width?: number;
  colour: boolean;
}

type Paint = (text: string) => string;

interface Column {
  /** Columns are dropped from the highest number down when the terminal is narrow. */
  keep: number;
  head: string;
  cell: (a: AlternativeResult) => string;
  align: 'left' | 'right';
  paint?: (a: AlternativeResult) => Paint;
}

const GAP = 2;
const LEAST_NAME = 12;

function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const fill = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** The most important columns, as many as leave room for the names, in the order in which they are listed. */
function fitting(columns: Column[], rows: AlternativeResult[], width: number): { columns: Column[]; widths: number[] } {
  const widthOf = (c: Column): number => Math.max(textWidth(c.head), ...rows.map((r) => textWidth(c.cell(r))));
  const [name, ...others] = columns;
  const nameWidth = widthOf(name);
  let left = width - Math.min(nameWidth, LEAST_NAME);
  const kept = new Set<Column>();
  for (const column of [...others].sort((a, b) => a.keep - b.keep)) {
    const needs = GAP + widthOf(column);
    if (needs > left && kept.size > 0) break;
    left -= needs;
    kept.add(column);
  }
  const shown = others.filter((c) => kept.has(c));
  const widths = shown.map(widthOf);
  const room = width - widths.reduce((sum, w) => sum + GAP + w, 0);
  return { columns: [name, ...shown], widths: [Math.min(nameWidth, room), ...widths] };
}

/**
 * The comparison as a table and sentences for a terminal: alternatives from best to worst on the primary metric, who wins, by how
 * much and how sure, and what there is to know of single alternatives.
 */
export function comparisonTable(comparison: Comparison, { width = 80, colour }: TerminalOptions): string {
  const columnsWide = Math.max(40, width);
  const c = picocolors.createColors(colour);
  const summary = summarise(comparison);
  const rows = ranked(comparison);
  const primary = metricStyle(comparison.primary);
  const verdictPaint: Record<Verdict, Paint> = { stable: c.green, backlogged: c.yellow, overloaded: c.red, refused: c.dim };
  const isWinner = (a: AlternativeResult): boolean => a.name === summary.winner;

  const all: Column[] = [
    {
      keep: 0,
      head: 'alternative',
      align: 'left',
      cell: (a) => printable(a.name),
      paint: (a) => (isWinner(a) ? c.bold : a.verdict === 'refused' ? c.dim : String),
    },
    { keep: 2, head: 'verdict', align: 'left', cell: (a) => a.verdict, paint: (a) => verdictPaint[a.verdict] },
    {
      keep: 1,
      head: primary.short,
      align: 'right',
      cell: (a) => (Object.hasOwn(a.metrics, comparison.primary) ? formatEstimate(a.metrics[comparison.primary], primary) : '–'),
      paint: (a) => (isWinner(a) ? c.bold : String),
    },
    ...keyMetricNames(comparison).map((name, i): Column => ({
      keep: 3 + i,
      head: metricStyle(name).short,
      align: 'right',
      cell: (a) => (Object.hasOwn(a.metrics, name) ? formatMean(a.metrics[name], metricStyle(name)) : '–'),
    })),
  ];
  const { columns, widths } = fitting(all, rows, columnsWide);

  const lines: string[] = [];
  const write = (text: string, paint: Paint = String, indent = ''): void => {
    for (const line of wrap(printable(text), columnsWide, indent)) lines.push(paint(line));
  };
  if (comparison.title !== undefined) write(comparison.title, c.bold);
  const count = `${comparison.replications} ${comparison.replications === 1 ? 'replication' : 'replications'}`;
  write(`${comparison.scenario} · seed ${comparison.seed} · ${count}`, c.dim);
  lines.push('');
  lines.push(
    c.dim(
      columns
        .map((column, i) => pad(truncate(column.head, widths[i]), widths[i], column.align))
        .join(' '.repeat(GAP))
        .trimEnd(),
    ),
  );
  for (const row of rows) {
    const cells = columns.map((column, i) => (column.paint?.(row) ?? String)(pad(truncate(column.cell(row), widths[i]), widths[i], column.align)));
    lines.push(cells.join(' '.repeat(GAP)).trimEnd());
  }
  lines.push('');
  write(summary.headline, summary.winner === undefined ? c.yellow : c.bold);
  for (const sentence of summary.details) write(sentence);
  if (summary.notes.length > 0) lines.push('');
  for (const { name, text } of summary.notes) write(`- ${name}: ${text}${text.endsWith('.') ? '' : '.'}`, String, '  ');
  return lines.join('\n').replaceAll(NBSP, ' ') + '\n';
}
