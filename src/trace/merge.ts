import { Requests } from './mapped.js';
import type { Arrivals } from './arrivals.js';
import type { TraceRow } from './write.js';

/** A stream with the name that its requests get. */
export interface Labelled {
  arrivals: Arrivals;
  app?: string;
  /** For requests that bring none of their own. */
  sloMs?: number;
}

/** The requests of several streams in order of time; at equal times those of the earlier stream first. Closes all of them. */
export async function* merged(streams: readonly Labelled[]): AsyncGenerator<TraceRow> {
  const heads = streams.map(({ arrivals }) => new Requests(arrivals));
  try {
    const alive: boolean[] = [];
    for (const head of heads) alive.push(await head.next());
    for (;;) {
      let first = -1;
      for (let i = 0; i < heads.length; i++) if (alive[i] && (first < 0 || heads[i].timeMs < heads[first].timeMs)) first = i;
      if (first < 0) return;
      const { timeMs, sloMs } = heads[first];
      const { app, sloMs: fallback } = streams[first];
      const slo = Number.isNaN(sloMs) ? fallback : sloMs;
      yield { timeMs, ...(app === undefined ? {} : { app }), ...(slo === undefined ? {} : { sloMs: slo }) };
      const next = heads[first].next();
      alive[first] = typeof next === 'boolean' ? next : await next;
    }
  } finally {
    for (const head of heads) await head.close();
  }
}
