import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { stream } from '../../random/stream.js';
import { CsvScanner, parserOf } from '../csv-scanner.js';
import { defineFormat } from '../format.js';
import { openWith, type TraceParser } from '../open.js';

const MINUTES = 1440;
const MINUTE_MS = 60_000;
const FIELDS = ['HashOwner', 'HashApp', 'HashFunction', 'Trigger'] as const;

const Options = Type.Object(
  {
    file: Type.String({ minLength: 1, description: 'path of one day of the trace, plain or gzip' }),
    hash_owner: Type.Optional(Type.String({ minLength: 1, description: 'only functions of the owner with this id' })),
    hash_app: Type.Optional(Type.String({ minLength: 1, description: 'only functions of the application with this id' })),
    hash_function: Type.Optional(Type.String({ minLength: 1, description: 'only the function with this id' })),
    trigger: Type.Optional(Type.String({ minLength: 1, description: 'only functions with this trigger, for example http' })),
    within_minute: Type.Optional(
      Type.Union([Type.Literal('even'), Type.Literal('uniform')], {
        default: 'even',
        description: 'where in its minute an invocation comes, which was not recorded: evenly spaced, or at uniform moments that are the same every time',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Adds up the invocations of all chosen functions by minute, and spreads them over their minutes. */
function parser(options: Static<typeof Options>): TraceParser {
  const { file, within_minute = 'even' } = options;
  const scanner = new CsvScanner(file, 'azure-functions-2019', [...FIELDS, ...Array.from({ length: MINUTES }, (_, minute) => String(minute + 1))]);
  const { buffer } = scanner;
  const wanted = [options.hash_owner, options.hash_app, options.hash_function, options.trigger].map((id) => (id === undefined ? undefined : Buffer.from(id)));
  const perMinute = new Float64Array(MINUTES);
  const triggers = new Set<string>();
  let chosen = 0;
  let minute = -1;
  let given = 0;
  let births = new Float64Array(0);

  function sumUp(): void {
    while (scanner.next()) {
      if (triggers.size < 20) triggers.add(scanner.text(3));
      if (!wanted.every((id, field) => id === undefined || scanner.is(field, id))) continue;
      chosen++;
      for (let m = 0; m < MINUTES; m++) perMinute[m] += scanner.count(FIELDS.length + m);
    }
  }

  /** Births within one minute, ascending. */
  function spread(count: number, m: number): Float64Array<ArrayBuffer> {
    const draw = stream('azure-functions-2019', m);
    const places = Float64Array.from({ length: count }, (_, i) => (within_minute === 'even' ? (i + 0.5) / count : draw()));
    return (within_minute === 'even' ? places : places.sort()).map((place) => (m + place) * MINUTE_MS);
  }

  return parserOf(scanner, (timeMs) => {
    if (timeMs.length === 0) return 0;
    sumUp();
    if (!buffer.ended) return 0;
    if (chosen === 0) {
      const none = scanner.rows === 0 ? 'there are no rows below the header' : `none of the ${scanner.rows} functions is the one that was asked for (triggers: ${[...triggers].join(', ')})`;
      throw new InputError(`${file}:${buffer.line}:1: ${none}`);
    }
    if (!perMinute.some((count) => count > 0)) throw new InputError(`${file}:${buffer.line}:1: the chosen functions were not invoked on this day; at least one request is needed`);
    let filled = 0;
    while (filled < timeMs.length) {
      if (given === births.length) {
        if (++minute >= MINUTES) break;
        births = spread(perMinute[minute], minute);
        given = 0;
        continue;
      }
      timeMs[filled++] = births[given++];
    }
    return filled;
  });
}

export default defineFormat({
  name: 'azure-functions-2019',
  about: 'Invocations per minute of production functions over one day, one row per function; the chosen ones are added up. Minute 1 begins at 0.',
  source: 'Azure Functions trace 2019 (CC-BY); Shahrad et al., Serverless in the Wild, USENIX ATC 2020.',
  options: Options,
  open: (options) => openWith(options.file, parser(options)),
});
