import { columnNames } from './columns.js';

const OTHER_SEPARATORS: readonly (readonly [separator: string, name: string])[] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
];

/** A sentence about a first line that is no header of a CSV file with commas: what it is, and how to mend it; undefined if nothing is known of it. */
export function anotherFormat(line: Buffer): string | undefined {
  if (isUtf16(line)) return 'the file is UTF-16; save it as UTF-8';
  if (line.includes(0)) return 'this is not text; an observations file is CSV, plain or gzip';
  const text = line.toString('utf8').replace(/^\uFEFF/, '').replace(/\r$/, '');
  if (/^\s*[[{]/.test(text)) return jsonSentence(text);
  if (text.includes('\r')) return 'lines end with a carriage return alone; save the file with line feeds (LF or CRLF)';
  for (const [separator, name] of OTHER_SEPARATORS) {
    const known = text.split(separator).filter((field) => (columnNames as string[]).includes(field.trim().replace(/^"(.*)"$/, '$1')));
    if (known.length > 1) return `columns are separated by ${name}; save the file with commas, and a point in decimal numbers`;
  }
  const fields = text.split(',');
  if (fields.includes('inference') || fields.includes('training')) {
    return 'this is a row, not the names of columns; put them into a first line, such as run,process,start_ms,workload,model,inference_jobs,training_jobs,duration_ms';
  }
  return undefined;
}

/** By its mark, or by the zero that plain letters have as one of their two bytes. */
function isUtf16(line: Buffer): boolean {
  if ((line[0] === 0xff && line[1] === 0xfe) || (line[0] === 0xfe && line[1] === 0xff)) return true;
  const zeros = [0, 0];
  line.forEach((byte, i) => void (byte === 0 && zeros[i % 2]++));
  return Math.max(...zeros) > 0.9 * Math.floor(line.length / 2) && Math.min(...zeros) === 0;
}

function jsonSentence(text: string): string {
  const journal = /"kind":|corun\/(calibrat|journal)/.test(text) ? 'this is the journal of a calibration' : 'this is JSON';
  return `${journal}; corun fit reads observations as CSV: the observations.csv that corun calibrate writes beside its journal.jsonl, or that folder`;
}
