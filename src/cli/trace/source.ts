import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import type { Argv } from 'yargs';
import { assignment } from '../../input/assignment.js';
import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { validate } from '../../input/validate.js';
import { stream } from '../../random/stream.js';
import type { Arrivals } from '../../trace/arrivals.js';
import type { TraceFormat } from '../../trace/format.js';
import { defaultFormat, formats } from '../../trace/formats.js';
import { fittedWindows, isFitted } from '../../trace/fitted-file.js';
import type { ArrivalGenerator } from '../../trace/generator.js';
import { generators } from '../../trace/generators.js';
import { replay } from '../../trace/replay.js';
import type { RowFilter } from '../../trace/request-csv.js';
import { transforms } from '../../trace/transforms.js';

export interface SourceArguments {
  from?: string;
  process?: string;
  with: string[];
  duration?: number;
  seed: string;
}

/** Options that say which stream is meant: a file in some format, or a generator. */
export function withSource<T>(argv: Argv<T>): Argv<T & SourceArguments> {
  return argv.options({
    from: { type: 'string', describe: `format of the files: ${Object.keys(formats).join(', ')}; ${defaultFormat} if left out` },
    process: { type: 'string', describe: `instead of files, an arrival process: ${Object.keys(generators).join(', ')}` },
    with: { type: 'string', array: true, nargs: 1, default: [], describe: 'an option of the format, the process or a transform, as name=value (YAML); may be repeated' },
    duration: { type: 'number', describe: 'with --process: how long, in s' },
    seed: { type: 'string', default: '1', describe: 'with --process: the seed' },
  }) as never;
}

function known<T>(map: Record<string, T>, name: string, option: string): T {
  if (Object.hasOwn(map, name)) return map[name];
  const names = Object.keys(map);
  throw new InputError(`--${option} ${name}: unknown${didYouMean(name, names)} (known: ${names.join(', ')})`);
}

function checked(schema: TSchema, options: Record<string, unknown>): Record<string, unknown> {
  const { value, issues } = validate(schema, options);
  if (issues.length > 0) throw new InputError(issues.map(({ path, sentence }) => `--with${path.length > 0 ? ` ${path.join('.')}` : ''}: ${sentence}`).join('\n'));
  return value as Record<string, unknown>;
}

/** Windows in place of the file that holds them: a generator opens no files. */
async function withFittedFile(options: Record<string, unknown>, process: string): Promise<Record<string, unknown>> {
  const { file, ...rest } = options as { file?: string; windows?: unknown };
  if (!isFitted(process) || file === undefined) return options;
  if (rest.windows !== undefined) throw new InputError('--with: exactly one of file and windows is needed, found both');
  const read = await fittedWindows(process, file, file);
  if (read.wrong !== undefined) throw new InputError(`--with file: ${read.wrong}`);
  return { ...rest, windows: read.windows };
}

/** Opens the stream that the arguments name. @param file in the format of --from; none with --process @param filter the app whose rows are wanted */
export async function openSource(file: string | undefined, argv: SourceArguments, filter: RowFilter = {}): Promise<{ name: string; arrivals: Arrivals }> {
  const options = Object.fromEntries(argv.with.map((text) => assignment('--with', text, 'scale_rate=0.5')).map(({ name, value }) => [name, value]));
  if (argv.process !== undefined) {
    if (file !== undefined) throw new InputError(`--process generates a stream, so no file is read: leave ${file} out, or --process`);
    const generator = known<ArrivalGenerator>(generators, argv.process, 'process');
    const checkedOptions = await withFittedFile(checked(generator.options, options), argv.process);
    const untilMs = argv.duration === undefined ? Infinity : argv.duration * 1000;
    return { name: argv.process, arrivals: generator.create(checkedOptions, stream(argv.seed, 0, 'arrivals', filter.app ?? 'trace'), untilMs) };
  }
  if (file === undefined) throw new InputError('a trace is needed: name a file, or a generator with --process');
  const format = known<TraceFormat>(formats, argv.from ?? defaultFormat, 'from');
  const changes = Object.fromEntries(Object.values(transforms).map(({ name, option }) => [name, Type.Optional(option as TSchema)]));
  const schema = { ...format.options, properties: { ...(format.options as TObject).properties, ...changes } } as TSchema;
  const needsFile = Object.hasOwn((format.options as TObject).properties, 'file');
  return { name: file, arrivals: await replay({ format: format.name, ...checked(schema, { ...options, ...(needsFile ? { file } : {}) }) }, filter) };
}

/** Says on a terminal how far a long reading is. */
export function countingProgress(): (requests: number) => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  return (requests) => void stderr.write(`\r\x1b[K${(requests / 1e6).toFixed(0)} million requests`);
}
