import { formatNumber, formatPercent } from '../number.js';
import { printable, textWidth, wrap } from '../text-width.js';
import { fitSentences } from './sentences.js';
import { rankedScores } from './scores.js';
import type { FitPage } from './input.js';

const GAP = '  ';

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((r) => textWidth(r[c]))));
  return rows.map((r) => r.map((cell, c) => (c === 0 ? cell + ' '.repeat(widths[c] - textWidth(cell)) : ' '.repeat(widths[c] - textWidth(cell)) + cell)).join(GAP).trimEnd());
}

const percent = (v: number | undefined): string => (v === undefined ? '-' : formatPercent(v, 3));

/** A fit for a terminal: the finding, errors of all candidates, groups beside their predictions, memory, and what cannot be told. */
export function fitText(page: FitPage, width = 100): string {
  const { headline, details } = fitSentences(page);
  const tested = page.testFiles.length > 0;
  const scores = rankedScores(page.scores);
  const remarks = new Map(scores.flatMap((s) => (s.rejected === undefined ? [] : [[s.name, s.rejected] as const])));
  const scoreRows = [
    ['model', 'one left out %', 'more than seen %', ...(tested ? ['test %'] : []), 'skill', 'weight'],
    ...scores.map((s) => [
      `${s.name}${s.role === 'naive' ? ' (naive)' : ''}`,
      percent(s.leaveOneOutMape),
      percent(s.extrapolationMape),
      ...(tested ? [percent(s.testMape)] : []),
      s.skill === undefined ? '-' : formatNumber(s.skill, 2),
      s.weight > 0 ? formatNumber(s.weight, 2) : '-',
    ]),
  ];
  const shown = tested ? page.groups.filter((g) => g.set === 'test') : page.groups;
  const groupRows = [
    [tested ? 'test group' : 'group', 'rows', 'observed ms', 'predicted ms', 'off %', '95 % interval'],
    ...shown.map((g) => [
      printable(g.name),
      String(g.n),
      formatNumber(g.observedMs, 5),
      formatNumber(g.predictedMs, 5),
      formatPercent(100 * (g.predictedMs / g.observedMs - 1)),
      `${formatNumber(g.interval95Ms[0], 4)} to ${formatNumber(g.interval95Ms[1], 4)}`,
    ]),
  ];
  const { memory } = page;
  const memoryText =
    memory === undefined
      ? []
      : [
          `Memory: ${formatNumber(memory.fixedMiB, 5)} MiB + ${formatNumber(memory.perInferenceMiB, 5)} per inference process${memory.perTrainingMiB === undefined ? '' : ` + ${formatNumber(memory.perTrainingMiB, 5)} per training process`}.` +
            (memory.capacityMiB === undefined ? ' How many fit: say the capacity with --capacity-mib.' : ` In ${formatNumber(memory.capacityMiB, 6)} MiB fit ${memory.maxInferenceJobs ?? '?'} inference processes${memory.maxTrainingJobs === undefined ? '' : ` or ${memory.maxTrainingJobs} training processes`}.`),
        ];
  const cannot = page.notIdentifiable.map(({ model, needs }) => `${model}: ${needs}.`);
  const paragraphs = (texts: readonly string[]): string[] => texts.flatMap((t) => wrap(printable(t), width, '  '));
  const blocks = [
    paragraphs([headline, ...details.filter((d) => !page.warnings.includes(d))]),
    table(scoreRows),
    ...(remarks.size === 0 || cannot.length === remarks.size ? [] : [paragraphs([...remarks].filter(([name]) => !page.notIdentifiable.some((n) => n.model === name)).map(([name, why]) => `${name} was rejected: ${why}.`))]),
    table(groupRows),
    paragraphs(memoryText),
    cannot.length === 0 ? [] : ['What these data cannot tell:', ...paragraphs(cannot)],
    page.warnings.length === 0 ? [] : ['Note:', ...paragraphs(page.warnings)],
  ];
  return `${blocks.filter((b) => b.length > 0).map((b) => b.join('\n')).join('\n\n')}\n`;
}
