import { availableParallelism } from 'node:os';
import type { Argv, InferredOptionTypes, Options } from 'yargs';

/** Options that several commands share, described once. */
export const options = {
  format: { choices: ['table', 'json'] as const, default: 'table' as const, describe: 'what to print on stdout; everything else goes to stderr' },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'override a field of the scenario, as path=value; may be repeated',
  },
  seed: { type: 'string', describe: 'override the seed' },
  threads: { type: 'number', default: availableParallelism(), describe: 'threads to simulate on; the result is the same for any number' },
  out: { type: 'string', describe: 'also write summary.json, CSV files, a timeline and report.html into this folder' },
  requests: { type: 'boolean', default: false, describe: 'with --out: also write the recorded requests as requests.parquet' },
} as const satisfies Record<string, Options>;

/** Adds shared options by name. */
export function withOptions<T, K extends keyof typeof options>(argv: Argv<T>, names: readonly K[]): Argv<T & InferredOptionTypes<Pick<typeof options, K>>> {
  return argv.options(Object.fromEntries(names.map((name) => [name, options[name]]))) as never;
}
