import { verdictOf, type NumberRow, type NumberSet } from './number-set.js';

const shortest = (value: number): string => String(Number(value.toPrecision(5)));
const value = (given: number | string | undefined): string => (given === undefined ? '–' : typeof given === 'number' ? shortest(given) : given);

function tolerance({ within, published }: NumberRow): string {
  if (within === undefined) return '–';
  if (typeof published === 'string') return 'exact';
  if (typeof within === 'number') return `± ${shortest(within)}`;
  return `± ${shortest(100 * within.share)} %`;
}

function difference({ published, ours }: NumberRow): string {
  if (typeof published === 'string' || typeof ours !== 'number') return '–';
  // What lies below this comes from sums in binary.
  const off = Math.abs(ours - published) < 1e-9 ? 0 : ours - published;
  return `${off < 0 ? '−' : '+'}${shortest(Math.abs(off))}`;
}

function verdict(row: NumberRow): string {
  const found = verdictOf(row);
  const because = row.because === undefined ? '' : `, because ${row.because}`;
  if (found === 'met') return 'met';
  return found === 'differs' ? `**differs**${because}` : `not asserted${because}`;
}

function line(row: NumberRow): string {
  const unit = row.unit === undefined ? '' : ` ${row.unit}`;
  return `| ${row.what} | ${value(row.published)}${unit} | ${value(row.ours)}${row.ours === undefined ? '' : unit} | ${difference(row)} | ${tolerance(row)} | ${verdict(row)} |\n`;
}

/** A section of docs/papers.md: one set of numbers. */
export function sectionOf({ name, about, source }: NumberSet, rows: readonly NumberRow[]): string {
  const head = '| what | published | ours | difference | tolerance | verdict |\n| --- | ---: | ---: | ---: | ---: | --- |\n';
  return `## ${name}\n\n${about}\n\nSource: ${source}\n\n${head}${rows.map(line).join('')}`;
}

/** docs/papers.md. */
export function papersPage(run: readonly { set: NumberSet; rows: readonly NumberRow[] }[]): string {
  const all = run.flatMap(({ rows }) => rows);
  const count = (wanted: string) => all.filter((row) => verdictOf(row) === wanted).length;
  return (
    '# Published numbers\n\n' +
    '`npm run papers` runs them all again and writes this page. *met*: ours is within the tolerance. *differs*: it is not, and the reason is given. ' +
    '*not asserted*: a claim whose basis is not known, or a figure that cannot be repeated from what is published; it is shown beside ours where ours can be had.\n\n' +
    `${all.length} numbers: ${count('met')} met, ${count('differs')} differ, ${count('shown')} not asserted.\n\n` +
    run.map(({ set, rows }) => sectionOf(set, rows)).join('\n')
  );
}
