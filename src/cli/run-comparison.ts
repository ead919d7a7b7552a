import { availableParallelism } from 'node:os';
import pc from 'picocolors';
import { compare } from '../experiment/compare.js';
import { openPool } from '../experiment/pool.js';
import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import { comparisonTable } from '../report/terminal.js';
import { makeDirectory, writeOutputs } from '../report/write.js';
import { loadScenario } from '../scenario/load.js';
import { resolveAlternatives } from '../scenario/resolve.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import { progressLine } from './progress.js';

/** Requests and activities that are written down of replication 0 of each alternative. */
const REPORT_DETAIL = { rows: 4_000, spans: 20_000 };
const REQUEST_ROWS = 1_000_000;
/** More would only take memory. */
const MOST_THREADS_PER_PROCESSOR = 4;

interface Arguments {
  scenario: string;
  format: 'table' | 'json';
  set: string[];
  seed?: string;
  threads: number;
  out?: string;
  requests: boolean;
  /** One alternative by name or position, instead of all. */
  only?: string | number;
}

/** What `compare` and `simulate` do: run, print, write. */
export async function runComparison(argv: Arguments): Promise<void> {
  if (!Number.isInteger(argv.threads) || argv.threads < 1) throw new InputError(`--threads ${argv.threads}: a whole number from 1 is needed`);
  if (argv.requests && argv.out === undefined) throw new InputError('--requests writes a file: say where with --out DIR');
  const overrides = argv.seed === undefined ? argv.set : [...argv.set, `seed=${argv.seed}`];
  const alternatives = chosen(await resolveAlternatives(await loadScenario(argv.scenario, overrides)), argv.only);

  // Before the work, not after it.
  if (argv.out !== undefined) await makeDirectory(argv.out);

  // What a researcher's policy prints must not end up in the result.
  console.log = console.error;
  const pool = openPool(Math.min(argv.threads, MOST_THREADS_PER_PROCESSOR * availableParallelism()));
  const progress = progressLine(process.stderr);
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    process.stderr.write('\ninterrupted: keeping the replications that are finished\n');
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  try {
    const detail = argv.out === undefined ? undefined : { ...REPORT_DETAIL, ...(argv.requests ? { rows: REQUEST_ROWS } : {}) };
    const result = await compare(alternatives, { scenario: argv.scenario, command: commandLine(argv, overrides), pool, detail, onProgress: (at) => progress.show(at), signal: interrupt.signal });
    progress.clear();
    const { comparison } = result;
    if (argv.format === 'json') process.stdout.write(`${JSON.stringify(comparison, undefined, 2)}\n`);
    else process.stdout.write(comparisonTable(comparison, { colour: pc.isColorSupported && process.stdout.isTTY === true }));
    if (argv.out !== undefined) {
      const files = await writeOutputs(argv.out, comparison, result.detail, { parquet: argv.requests });
      process.stderr.write(`wrote ${files.join(', ')}\n`);
    }
    if (comparison.alternatives.every((a) => a.verdict === 'refused')) process.exitCode = 1;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    await pool.close();
  }
}

function chosen(alternatives: ResolvedAlternative[], only: string | number | undefined): ResolvedAlternative[] {
  if (only === undefined) return alternatives;
  const found = typeof only === 'number' ? alternatives[only] : alternatives.find((a) => a.name === only);
  if (found === undefined) throw new InputError(`there is no alternative "${only}"${didYouMean(String(only), alternatives.map((a) => a.name))}; the scenario has ${alternatives.map((a) => a.name).join(', ')}`);
  return [found];
}

/** The command line that gives the same result again. */
function commandLine({ scenario, only }: Arguments, overrides: readonly string[]): string {
  const words = ['corun', only === undefined ? 'compare' : 'simulate', scenario];
  if (typeof only === 'string') words.push('--alternative', only);
  for (const override of overrides) words.push('--set', override);
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
