import { Outcome } from '../../control/driver.js';
import type { Log } from './log.js';

const OUTCOMES = Object.keys(Outcome);

/** A line for each request that ended. */
export const requestLog =
  (log: Log) =>
  (app: string, outcome: Outcome, latencyMs: number): void =>
    log('request', `${app}: ${OUTCOMES[outcome]} after ${latencyMs.toFixed(2)} ms`, { app, outcome: OUTCOMES[outcome], latency_ms: latencyMs });
