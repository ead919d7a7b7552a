import type { Meter } from '../device/meter.js';
import type { Stream } from '../../random/stream.js';
import { measureMemory } from './measure-memory.js';
import type { Cell } from '../plan/cell.js';
import { AtRandom, BackToBack, Trains, type Driver } from './drivers.js';
import { hostBusy } from './host-busy.js';
import { JobEnded } from './job-process.js';
import { LONGEST, OPEN_TIME, rowsNeeded, type Limits } from './limits.js';
import type { Measured } from './measured.js';
import type { JobPool } from './pool.js';
import { steadyFrom, widest, within, withParts, type Done, type Series } from './series.js';
import { median } from '../../contention/fit/medians.js';

const LISTEN_MS = 50;
/** Between two looks at what came in, as a share of the time that has passed. */
const LOOK_SHARE = 0.1;
/** Rows of a process that are kept, the last ones: a model of 1 ms would fill files with what is known already. */
const MOST_ROWS = 3000;
/** A neighbour that loads begins when the others are warm, and again after a pause. */
const LOAD_PAUSE_MS = 50;

/** Requests per second of an open loop: in all, and of each process by its model. */
export interface Offered {
  rps: number;
  perProcess: ReadonlyMap<string, number>;
}

export interface CellTools {
  pool: JobPool;
  meter: Meter;
  limits: Limits;
  /** What passes on the host for an image of a model, where nothing else is at work. */
  hostMs: (model: string) => number;
  /** Of an open loop. */
  offered?: Offered;
  draw: Stream;
  abort?: AbortSignal;
}

/**
 * Measures a cell: loads its processes, sets them all to work, and ends when all are warm and every median is known precisely enough,
 * or the time is up.
 *
 * @throws JobEnded if a process ends by itself
 */
export async function measureCell(cell: Cell, tools: CellTools): Promise<Measured> {
  if (cell.kind === 'memory') return measureMemory(cell.inference[0].model, tools);
  const drivers = await hire(cell, tools);
  const over = new AbortController();
  const ended = Promise.race(drivers.map(({ job }) => job.ended));
  try {
    return await Promise.race([measure(cell, drivers, { ...tools, abort: over.signal }, tools.abort), ended]);
  } catch (error) {
    over.abort(error);
    for (const driver of drivers) void driver.stop();
    throw error;
  }
}

async function hire(cell: Cell, { pool, hostMs, offered, draw, abort }: CellTools): Promise<Driver[]> {
  const drivers: Driver[] = [];
  for (const { model, batch, count } of cell.inference)
    for (let i = 0; i < count; i++) {
      const job = await pool.serving(model, abort);
      drivers.push(cell.kind === 'open' ? new AtRandom(job, model, batch, hostMs(model), offered!.perProcess.get(model)!, draw) : new BackToBack(job, model, batch, hostMs(model)));
    }
  if (cell.training !== undefined) drivers.push(new Trains(await pool.training(cell.training, abort), cell.training.model, cell.training.batch));
  return drivers;
}

/** @param tools their `abort` says that a process has ended, and the other one that the user wants no more */
async function measure(cell: Cell, drivers: readonly Driver[], tools: CellTools, stop: AbortSignal | undefined): Promise<Measured> {
  const { meter, limits, abort } = tools;
  const series = drivers.map((driver) => driver.series);
  const tellBusy = hostBusy();
  const tellDevice = meter.sample();
  const startMs = performance.now();
  for (const driver of drivers) driver.start();
  const loads: Loads | undefined = cell.kind === 'loading' ? loadAgainAndAgain(cell, drivers, tools) : undefined;
  const stretch = cell.kind === 'open' ? OPEN_TIME : 1;
  const minMs = limits.minMs * stretch;
  const maxMs = limits.maxMs * stretch;
  let state: State;
  let lookMs = startMs + minMs;
  for (;;) {
    await later(LISTEN_MS);
    abort?.throwIfAborted();
    stop?.throwIfAborted();
    if (loads?.failure !== undefined) throw loads.failure;
    listen(drivers, limits.silentMs);
    const nowMs = performance.now();
    if (nowMs < lookMs) continue;
    const spentMs = nowMs - startMs;
    // To look takes the longer the more there is, and time that those who are measured may need.
    lookMs = nowMs + LOOK_SHARE * spentMs;
    state = stateOf(series, nowMs, loads);
    const enough = state.kept.every(({ done, workload }) => done.length >= (workload === 'training' ? limits.minRows : rowsNeeded(cell, limits))) && (loads === undefined || loads.times.length > 0);
    if (enough && state.steady && state.precision <= limits.precision) break;
    if (spentMs >= maxMs && (enough || spentMs >= LONGEST * maxMs)) break;
  }
  const device = tellDevice();
  const busy = tellBusy();
  await loads?.stop();
  const listening = setInterval(() => listen(drivers, limits.silentMs), LISTEN_MS);
  abort?.addEventListener('abort', () => clearInterval(listening));
  await Promise.all(drivers.map((driver) => driver.stop()));
  clearInterval(listening);
  const empty = state.kept.find(({ done }) => done.length === 0);
  if (empty !== undefined) throw new JobEnded(empty.process, false, `it did nothing that could be timed in ${Math.round((LONGEST * maxMs) / 1000)} s`);
  const epochSlices = Math.max(0, ...drivers.map(({ job }) => job.epochSlices));
  const lastSlices = drivers.flatMap((driver, i) => (driver instanceof Trains ? lastOver(state.kept[i].done, driver.ends.filter(({ startMs }) => startMs >= state.fromMs)) : []));
  return {
    series: state.kept.map((one) => withParts(one, MOST_ROWS)),
    warmUpMs: Math.max(0, state.fromMs - startMs),
    steady: state.steady,
    ...(Number.isFinite(state.precision) && { precision: state.precision }),
    ...(tools.offered && { offeredRps: tools.offered.rps }),
    ...(busy !== undefined && { hostBusy: busy }),
    device,
    ...(epochSlices > 0 && { epochSlices }),
    ...(lastSlices.length > 0 && { lastSlices }),
  };
}

/** Times of the slices that ended an epoch, over the middle of the others. */
function lastOver(others: readonly Done[], ends: Trains['ends']): number[] {
  const usual = median(others.map(({ durationMs }) => durationMs));
  return ends.map(({ durationMs, whole }) => (whole ? 1 : durationMs / usual));
}

interface State {
  kept: Series[];
  fromMs: number;
  steady: boolean;
  precision: number;
}

/** What counts until now: what was done after warming up, and in a cell with a loading neighbour while one was loading. */
function stateOf(series: readonly Series[], nowMs: number, loads: Loads | undefined): State {
  const warm = steadyFrom(series);
  // A neighbour that comes and goes is no warming up.
  const { fromMs, steady } = loads === undefined ? warm : { fromMs: loads.fromMs(), steady: true };
  const kept = series.map((s) => ({ ...s, done: loads === undefined ? within(s.done, fromMs, nowMs) : loads.times.flatMap(({ fromMs: from, toMs }) => within(s.done, from, toMs)) }));
  return { kept, fromMs, steady, precision: widest(kept) };
}

/** A process that hangs with its device says nothing; it is ended, and so tells. */
function listen(drivers: readonly Driver[], silentMs: number): void {
  for (const driver of drivers) if (driver.waitsMs() > silentMs) driver.job.giveUp(`nothing was heard of it for ${Math.round(silentMs / 1000)} s`);
}

interface Loads {
  /** A process that did not load. */
  failure?: Error;
  times: { fromMs: number; toMs: number }[];
  fromMs(): number;
  stop(): Promise<void>;
}

/** Loads a process beside the others, ends it, and so on. */
function loadAgainAndAgain(cell: Cell, drivers: readonly Driver[], { pool, limits, abort }: CellTools): Loads {
  const times: Loads['times'] = [];
  let stopped = false;
  const looping = (async () => {
    const warm = (): boolean => drivers.every(({ series }) => series.done.length >= limits.minRows);
    while (!warm() && !stopped) await later(LISTEN_MS);
    while (!stopped) {
      times.push(await pool.loadOnly(cell.loads!, abort));
      await later(LOAD_PAUSE_MS);
    }
  })();
  looping.catch((error: Error) => (loads.failure = error));
  const loads: Loads = {
    times,
    fromMs: () => times[0]?.fromMs ?? performance.now(),
    async stop() {
      stopped = true;
      await looping;
    },
  };
  return loads;
}

const later = (ms: number): Promise<void> => new Promise((passed) => setTimeout(passed, ms));
