export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Tells the operator what happened: its kind, a sentence, and what a program may want to know of it. */
export type Log = (event: string, sentence: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Lines on stderr: for a reader, or an object of JSON each with `time`, `event`, `message` and the fields. */
export function openLog(format: LogFormat): Log {
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  if (format === 'text') return (_event, sentence) => write(`corun: ${sentence}`);
  return (event, message, fields) => write(JSON.stringify({ time: new Date().toISOString(), event, message, ...fields }));
}
