import { setImmediate as turn } from 'node:timers/promises';
import { Outcome } from '../../control/driver.js';
import type { Source } from '../../simulator/sources.js';
import { Alarm } from '../../executor/alarm.js';

/** A request of a real run. Times in ms since its window began; NaN where it never came to that. */
export interface SentRequest {
  app: number;
  dueMs: number;
  sentMs: number;
  endedMs: number;
  outcome: Outcome | undefined;
  sloMs: number;
}

export interface Sending {
  sources: readonly Source[];
  /** End of the window; Infinity: when the sources are exhausted. */
  horizonMs: number;
  /** Time since the window began. */
  nowMs: () => number;
  submit: (app: number, sloMs: number, done: (outcome: Outcome) => void) => void;
  signal: AbortSignal;
}

/** What is due so soon is sent at once. */
const SOON_MS = 0.02;
/** A sender that is behind goes on sending, but so often lets the answers in. */
const LONGEST_BLOCK_MS = 1;

/**
 * Sends the requests of a simulation's own sources when they are due: those of open streams whatever became of the ones before, those of
 * a closed loop when their client has its answer and has thought.
 *
 * @returns when the window has ended; requests may still be under way, and their records are filled in when they end
 */
export async function sendOnTime({ sources, horizonMs, nowMs, submit, signal }: Sending): Promise<SentRequest[]> {
  const sent: SentRequest[] = [];
  let wake = (): void => {};
  const ring = (): void => wake();
  /** What the alarm is set to; NaN once it rang. */
  let alarmMs = NaN;
  const alarm = new Alarm(() => {
    alarmMs = NaN;
    wake();
  });
  // To set an alarm wakes its thread, which takes a processor from a worker; an answer that changes nothing is to cost nothing.
  const sleep = (untilMs: number): Promise<void> =>
    new Promise((woken) => {
      wake = woken;
      if (untilMs === alarmMs) return;
      alarmMs = untilMs;
      if (untilMs < Infinity) alarm.set(untilMs - nowMs());
    });

  const send = (source: Source): void => {
    const { app, client, sloMs, nextMs } = source;
    source.advance();
    const request: SentRequest = { app, dueMs: nextMs, sentMs: nowMs(), endedMs: NaN, outcome: undefined, sloMs };
    sent.push(request);
    submit(app, sloMs, (outcome) => {
      request.endedMs = nowMs();
      request.outcome = outcome;
      if (outcome !== Outcome.unfinished) source.ended(client, outcome !== Outcome.answered, request.endedMs);
      ring();
    });
  };

  signal.addEventListener('abort', ring);
  try {
    for (const source of sources) {
      source.open();
      await source.pending;
    }
    let turnedMs = nowMs();
    while (!signal.aborted) {
      const first = sources.reduce((a, b) => (b.nextMs < a.nextMs ? b : a));
      if (nowMs() >= horizonMs || (horizonMs === Infinity && sources.every(({ exhausted }) => exhausted))) break;
      const dueMs = Math.min(first.nextMs, horizonMs);
      if (dueMs - nowMs() > SOON_MS) {
        await sleep(dueMs);
        turnedMs = nowMs();
        continue;
      }
      if (nowMs() - turnedMs > LONGEST_BLOCK_MS) {
        await turn();
        turnedMs = nowMs();
      }
      if (first.nextMs > horizonMs) continue;
      send(first);
      await first.pending;
    }
    return sent;
  } finally {
    signal.removeEventListener('abort', ring);
    alarm.close();
    for (const source of sources) await source.close();
  }
}
