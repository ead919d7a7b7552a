import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import type { TraceRow } from '../../trace/write.js';
import { closedLoop, openLoop, type Pacing } from './pace.js';
import { payloadsFor, type Payload } from './payload.js';
import { Sender } from './sender.js';
import { ReplayTally, type Counts, type Sent } from './tally.js';
import { extensionsOf, pathOf, refuseShapes, targetModel, type TargetModel } from './target.js';
import { warningsOf } from './warnings.js';

/** How requests are paced. */
export type ReplayMode = { mode: 'open'; speed: number } | { mode: 'closed'; clients: number; think_ms: number };

export interface ReplayOptions {
  /** Address of the server, before /v2. */
  url: string;
  /** Model of each app; undefined stands for requests without an app. */
  models: ReadonlyMap<string | undefined, string>;
  pace: ReplayMode;
  seed: string;
  /** Most requests that are sent; Infinity for all. */
  limit: number;
  /** After which a request is given up, ms. */
  timeoutMs: number;
  /** Certificates (PEM) of those who may vouch for an https server, instead of the usual ones. */
  ca?: Buffer;
  /** Most requests that are open at the same time; those beyond it are not sent, and counted. */
  mostOpen: number;
  /** That go with each request. */
  headers?: Record<string, string>;
  /** By the name of an input, where the server leaves it open. */
  shapes?: ReadonlyMap<string, readonly number[]>;
  /** Ends the replay; what was sent and not answered has the outcome "interrupted". */
  signal?: AbortSignal;
  /** Is shown each request when it has ended, which need not be the order in which they were sent. */
  onRequest?: (sent: Sent) => void;
  onProgress?: (at: { ended: number; open: number; answered: number; nowMs: number }) => void;
}

/** What a replay saw. */
export type ReplayResult = {
  schema: 'corun/replay@1';
  url: string;
  seed: string;
  /** How tensors travelled. */
  tensors: 'binary' | 'json';
  /** From the first due to the last end. */
  duration_s: number;
  /** Requests that the schedule wanted per second; absent in a closed loop, which has none. */
  offered_rps?: number;
  most_open: number;
  interrupted: boolean;
  /** What a server said that refused: its first words, by status. */
  refusals: Record<string, string>;
  warnings: string[];
  /** Where there is more than one. */
  apps?: (Counts & { app?: string; model: string })[];
} & ReplayMode &
  Counts;

/** Different images, so that a server that remembers answers cannot look fast with one. */
const PAYLOADS = 8;
const PROGRESS_EVERY_MS = 200;

/**
 * Sends a trace to a server of the Open Inference Protocol, version 2, and records when each request was due, sent and answered.
 * Latency counts from due, so that neither a late sender nor a server that stalls hides any of it.
 *
 * @param rows in order of time
 * @throws InputError if there is no such server or model, or the trace has no request, or one of an app that has no model
 */
export async function replayTrace(rows: AsyncGenerator<TraceRow>, options: ReplayOptions): Promise<ReplayResult> {
  const { models, pace, mostOpen, seed, limit } = options;
  const signal = options.signal ?? new AbortController().signal;
  const sender = new Sender(options.url, options.headers ?? {}, options.timeoutMs, options.ca);
  const giveUp = (): void => sender.giveUp('interrupted');
  let progress: NodeJS.Timeout | undefined;
  try {
    const binary = (await extensionsOf(sender)).includes('binary_tensor_data');
    const payloads = new Map<string, Payload[]>();
    const shapes = options.shapes ?? new Map<string, number[]>();
    const targets: TargetModel[] = [];
    for (const model of new Set(models.values())) targets.push(await targetModel(sender, model, shapes));
    refuseShapes(shapes, targets);
    for (const target of targets) payloads.set(target.name, payloadsFor(target, seed, PAYLOADS, binary));

    const all = new ReplayTally();
    const tallies = new Map([...models.keys()].map((app) => [app, new ReplayTally()]));
    const refusals = new Map<string, string>();
    let ordinal = 0;
    let mostSeen = 0;
    let answered = 0;
    let ended = 0;
    let lastDueMs = 0;
    let firstDueMs = Infinity;
    const startedMs = performance.now();
    const nowMs = (): number => performance.now() - startedMs;

    const record = (sent: Sent): void => {
      all.add(sent);
      tallies.get(sent.app)!.add(sent);
      ended++;
      if (sent.outcome === '200') answered++;
      options.onRequest?.(sent);
    };
    const send: Pacing['send'] = async ({ app: rowApp, sloMs = NaN }, dueMs) => {
      const app = models.has(rowApp) ? rowApp : undefined;
      const model = models.get(app);
      if (model === undefined) throw new InputError(`the trace has requests of app ${rowApp}, which has no model${didYouMean(String(rowApp), [...models.keys()].map(String))}; say it with --app ${rowApp}=MODEL`);
      const request = { ordinal: ordinal++, app, model, dueMs, sloMs };
      firstDueMs = Math.min(firstDueMs, dueMs);
      lastDueMs = Math.max(lastDueMs, dueMs);
      if (sender.open >= mostOpen) {
        record({ ...request, sentMs: NaN, endedMs: nowMs(), outcome: 'not_sent' });
        return;
      }
      const { headers, body } = payloads.get(model)![request.ordinal % PAYLOADS];
      const sentMs = nowMs();
      const reply = sender.post(`${pathOf(model)}/infer`, Number.isNaN(sloMs) ? headers : { ...headers, 'x-slo-ms': String(sloMs) }, body);
      mostSeen = Math.max(mostSeen, sender.open);
      const { outcome, text } = await reply;
      if (outcome !== '200' && text !== '' && !refusals.has(outcome)) refusals.set(outcome, text);
      record({ ...request, sentMs, endedMs: nowMs(), outcome });
    };
    if (options.onProgress !== undefined) progress = setInterval(() => options.onProgress!({ ended, answered, open: sender.open, nowMs: nowMs() }), PROGRESS_EVERY_MS);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();

    const pacing: Pacing = { nowMs, send, signal };
    if (pace.mode === 'open') await openLoop(first(rows, limit), pace.speed, pacing);
    else await closedLoop(first(rows, limit), pace.clients, pace.think_ms, pacing);

    if (ordinal === 0 && !signal.aborted) throw new InputError('the trace has no requests, so there is nothing to replay');
    const counts = all.counts();
    const result = {
      schema: 'corun/replay@1' as const,
      url: options.url,
      ...pace,
      seed,
      tensors: binary ? ('binary' as const) : ('json' as const),
      interrupted: signal.aborted,
      duration_s: all.durationMs / 1000,
      ...(pace.mode === 'open' && lastDueMs > firstDueMs && { offered_rps: (1000 * (ordinal - 1)) / (lastDueMs - firstDueMs) }),
      ...counts,
      most_open: mostSeen,
      refusals: Object.fromEntries(refusals),
      ...(models.size > 1 && { apps: [...tallies].map(([app, tally]) => ({ ...(app !== undefined && { app }), model: models.get(app)!, ...tally.counts() })) }),
    };
    return { ...result, warnings: warningsOf(result, options) };
  } finally {
    clearInterval(progress);
    signal.removeEventListener('abort', giveUp);
    sender.close();
    await rows.return(undefined);
  }
}

/** The first so many of a stream, which is closed after them. */
async function* first(rows: AsyncGenerator<TraceRow>, limit: number): AsyncGenerator<TraceRow> {
  let count = 0;
  if (limit < 1) return;
  for await (const row of rows) {
    yield row;
    if (++count >= limit) return;
  }
}
