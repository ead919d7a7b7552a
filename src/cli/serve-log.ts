import { pino } from 'pino';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** Shed requests are told once in this time, with their number, since a flood of them is when they come. */
const SHED_EVERY_MS = 1000;
const OVERLOADED = 503;

/** What a server says of itself on stderr: sentences for people, or a line of JSON for each event. */
export interface ServeLog {
  /** @param event short and always the same, to search for @param message a sentence @param fields what JSON has beside it */
  tell(level: LogLevel, event: string, message: string, fields?: object): void;
  answered(answer: { method: string; url: string; status: number; tookMs: number }): void;
}

export function serveLog(format: 'text' | 'json', level: LogLevel): ServeLog {
  const json = format === 'json' ? pino({ level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (label) => ({ level: label }) } }, pino.destination({ dest: 2, sync: true })) : undefined;
  const isTold = (one: LogLevel): boolean => LEVELS.indexOf(one) >= LEVELS.indexOf(level);
  const tell: ServeLog['tell'] = (one, event, message, fields) => {
    if (json !== undefined) json[one]({ event, ...fields }, message);
    else if (isTold(one)) process.stderr.write(`corun: ${message}\n`);
  };
  let shed = 0;
  let shedToldMs = -Infinity;
  return {
    tell,
    answered({ method, url, status, tookMs }) {
      if (isTold('debug')) tell('debug', 'answered', `${method} ${url} ${status} ${tookMs.toFixed(1)} ms`, { method, url, status, took_ms: tookMs });
      // Who asks whether the server is ready is no request that was turned away.
      if (status !== OVERLOADED || /^\/v2\/(health\/|models\/[^/]+\/ready)/.test(url)) return;
      shed++;
      const nowMs = performance.now();
      if (nowMs - shedToldMs < SHED_EVERY_MS) return;
      tell('warn', 'shed', `${shed} request${shed === 1 ? ' was' : 's were'} answered 503, come again`, { requests: shed });
      shed = 0;
      shedToldMs = nowMs;
    },
  };
}
