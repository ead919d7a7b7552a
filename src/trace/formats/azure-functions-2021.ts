import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { CsvScanner, parserOf } from '../csv-scanner.js';
import { defineFormat } from '../format.js';
import { openWith, type TraceParser } from '../open.js';
import { TimeHeap } from '../time-heap.js';

/** Starts that are held back at once; beyond it the window is too long for the memory that traces may take. */
const MOST_HELD = 4_000_000;

const Options = Type.Object(
  {
    file: Type.String({ minLength: 1, description: 'path of the trace, plain or gzip' }),
    hash_app: Type.Optional(Type.String({ minLength: 1, description: 'only invocations of the application with this id' })),
    hash_function: Type.Optional(Type.String({ minLength: 1, description: 'only invocations of the function with this id' })),
    reorder_s: Type.Optional(
      Type.Number({ minimum: 0, default: 60, description: 'how far a row may start before another that stands above it; starts are held back for so long, to be put in order' }),
    ),
  },
  { additionalProperties: false },
);

/** A request for each invocation, at its start: end_timestamp − duration. */
function parser({ file, hash_app, hash_function, reorder_s = 60 }: Static<typeof Options>): TraceParser {
  const scanner = new CsvScanner(file, 'azure-functions-2021', ['app', 'func', 'end_timestamp', 'duration']);
  const { buffer } = scanner;
  const app = hash_app === undefined ? undefined : Buffer.from(hash_app);
  const func = hash_function === undefined ? undefined : Buffer.from(hash_function);
  const held = new TimeHeap();
  let latestS = -Infinity;
  let givenS = -Infinity;
  let firstS = NaN;
  let wanted = 0;

  function take(): void {
    const startS = scanner.number(2) - scanner.number(3);
    if ((app !== undefined && !scanner.is(0, app)) || (func !== undefined && !scanner.is(1, func))) return;
    wanted++;
    if (startS < givenS) throw scanner.wrong(2, `starts at ${startS} s, ${givenS - startS} s before a row that stands above and was already given; set reorder_s to more than ${Math.ceil(latestS - startS)}`);
    if (startS > latestS) latestS = startS;
    held.add(startS);
    if (held.length > MOST_HELD) throw scanner.wrong(2, `more than ${MOST_HELD} requests start within reorder_s = ${reorder_s} s; make it shorter, or choose an app with hash_app`);
  }

  return parserOf(scanner, (timeMs) => {
    let filled = 0;
    while (filled < timeMs.length) {
      const isOver = buffer.ended && buffer.position >= buffer.limit;
      if (held.length > 0 && (isOver || held.first <= latestS - reorder_s)) {
        givenS = held.shift();
        if (Number.isNaN(firstS)) firstS = givenS;
        timeMs[filled++] = (givenS - firstS) * 1000;
      } else if (!scanner.next()) break;
      else take();
    }
    if (buffer.ended && timeMs.length > 0 && wanted === 0) {
      const none = scanner.rows === 0 ? 'there are no rows below the header' : `none of the ${scanner.rows} rows has the app and function that were asked for`;
      throw new InputError(`${file}:${buffer.line}:1: ${none}; at least one request is needed`);
    }
    return filled;
  });
}

export default defineFormat({
  name: 'azure-functions-2021',
  about: 'Invocations of production functions over two weeks, one row each with its end and duration; a request comes when one starts. The first comes at 0.',
  source: 'Azure Functions invocation trace 2021 (CC-BY); Zhang et al., Faster and Cheaper Serverless Computing on Harvested Resources, SOSP 2021.',
  options: Options,
  open: (options) => openWith(options.file, parser(options)),
});
