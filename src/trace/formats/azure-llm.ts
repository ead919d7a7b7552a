import { Type } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { CsvScanner, parserOf } from '../csv-scanner.js';
import { defineFormat } from '../format.js';
import { openWith, type TraceParser } from '../open.js';
import { TimestampColumn } from '../timestamp.js';

/** Parser of TIMESTAMP,ContextTokens,GeneratedTokens; only the times are used. */
function parser(name: string): TraceParser {
  const scanner = new CsvScanner(name, 'azure-llm', ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']);
  const times = new TimestampColumn(scanner, 0);
  const { buffer } = scanner;
  let previousMs = 0;
  return parserOf(scanner, (timeMs) => {
    let filled = 0;
    while (filled < timeMs.length && scanner.next()) {
      const atMs = times.read();
      if (atMs < previousMs)
        throw scanner.wrong(0, `found ${scanner.shown(0)}, ${(previousMs - atMs) / 1000} s before the row above; rows must be in order of time: sort the file by this column`);
      scanner.count(1);
      scanner.count(2);
      timeMs[filled++] = previousMs = atMs;
    }
    if (buffer.ended && scanner.rows === 0 && timeMs.length > 0) throw new InputError(`${name}:${buffer.line}:1: there are no rows below the header; at least one request is needed`);
    return filled;
  });
}

export default defineFormat({
  name: 'azure-llm',
  about: 'Arrival times of a production service for large language models, one row per request; the numbers of tokens are read over. The first request comes at 0.',
  source: 'Azure LLM inference traces 2023 and 2024 (CC-BY 4.0); Patel et al., Splitwise, ISCA 2024; Stojkovic et al., DynamoLLM, HPCA 2025.',
  options: Type.Object({ file: Type.String({ minLength: 1, description: 'path of the trace, plain or gzip' }) }, { additionalProperties: false }),
  open: ({ file }) => openWith(file, parser(file)),
});
