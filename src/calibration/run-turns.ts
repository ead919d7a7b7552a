import { InputError } from '../input/error.js';
import { realOthers, type Others } from '../executor/host/others.js';
import { stream, type Seed } from '../random/stream.js';
import type { Journal, Entry } from './journal/journal.js';
import type { Meter } from './device/meter.js';
import { JobEnded } from './measure/job-process.js';
import type { Limits } from './measure/limits.js';
import { measureCell, type Offered } from './measure/measure-cell.js';
import type { JobPool } from './measure/pool.js';
import { Watch, type Clocks } from './measure/watch.js';
import { cellName, closedTwin, isSoloInference, turnName, type Cell, type Turn } from './plan/cell.js';
import { Repetitions } from './plan/repetitions.js';

export interface Running {
  journal: Journal;
  pool: JobPool;
  meter: Meter;
  limits: Limits;
  hostMs: (model: string) => number;
  /** Share of the processors that others may take while a cell is measured. */
  othersLimit?: number;
  others?: Others;
  seed: Seed;
  clocks: Clocks;
  abort?: AbortSignal;
  /** Told before each turn; a false answer leaves it out. */
  before?: (turn: Turn, index: number) => boolean;
  after?: (entry: Entry) => void;
}

/** A cell is tried so often, measured again so often when a clock jumped or a process ended. */
const TRIES = 3;
/** Before a disturbed cell is measured again, others are waited for so long. */
const WAIT_FOR_QUIET_MS = 60_000;

/**
 * Measures what the journal does not have yet, turn by turn, and keeps each as soon as it ended.
 *
 * @returns turns that were left out
 * @throws InputError if the device is gone or the disk is full; what was measured before is kept
 */
export async function runTurns(turns: readonly Turn[], running: Running): Promise<Turn[]> {
  const { journal, before, after } = running;
  const left: Turn[] = [];
  const repetitions = new Repetitions();
  for (const [index, turn] of turns.entries()) {
    if (journal.has(turn)) continue;
    if (before?.(turn, index) === false) {
      left.push(turn);
      continue;
    }
    if (repetitions.begins(turn)) running.pool.renew();
    const entry = await runTurn(turn, running);
    journal.keep(entry);
    after?.(entry);
  }
  return left;
}

async function runTurn(turn: Turn, running: Running): Promise<Entry> {
  const { journal, pool, meter, limits, hostMs, seed, clocks, abort, othersLimit = Infinity, others = realOthers } = running;
  const { cell, run } = turn;
  const offered = cell.kind === 'open' ? offeredOf(cell, journal) : undefined;
  const startedMs = clocks.wallMs();
  const again: string[] = [];
  const entry = (rest: Pick<Entry, 'measured' | 'failed' | 'outOfMemory' | 'disturbed'>): Entry => ({ turn: turnName(turn), cell, run, session: journal.session, startedMs, endedMs: clocks.wallMs(), ...rest, ...(again.length > 0 && { repeatedBecause: again }) });
  const disturbance = (share = 0): string | undefined => (share > othersLimit ? `others took ${(100 * share).toFixed(0)} % of the processors` : undefined);
  if (cell.kind === 'open' && offered === undefined) return entry({ failed: 'the same jobs back to back could not be measured, so their capacity is not known' });
  for (let attempt = 1; ; attempt++) {
    const watch = new Watch(clocks);
    const tellOthers = others.busy();
    let happened: string | undefined;
    try {
      const measured = await measureCell(cell, { pool, meter, limits, hostMs, draw: stream(seed, 'arrivals', turnName(turn), attempt), ...(offered && { offered }), ...(abort && { abort }) });
      happened = watch.end();
      const disturbed = happened === undefined ? disturbance(tellOthers()) : undefined;
      pool.release(happened === undefined && cell.kind === 'memory');
      if (happened === undefined && (disturbed === undefined || attempt === TRIES)) return entry({ measured, ...(disturbed !== undefined && { disturbed: true as const }) });
      if (disturbed !== undefined) {
        again.push(disturbed);
        await others.quiet(othersLimit, WAIT_FOR_QUIET_MS, abort);
        continue;
      }
    } catch (error) {
      watch.end();
      pool.release(true);
      if (!(error instanceof JobEnded)) throw error;
      if (error.outOfMemory) return entry({ failed: error.message, outOfMemory: true });
      happened = error.message;
    }
    again.push(happened!);
    if (attempt < TRIES) continue;
    await refuseIfGone(turn, happened!, running);
    return entry({ failed: happened! });
  }
}

/**
 * A share of what the same jobs manage back to back, by the first time that was measured: in all to three digits, so that it names a group, and of each
 * process what its model had of it.
 */
function offeredOf(cell: Cell, journal: Journal): Offered | undefined {
  const name = cellName(closedTwin(cell));
  const twin = [...journal.entries.values()].find((e) => cellName(e.cell) === name && e.measured !== undefined);
  if (twin === undefined) return undefined;
  const series = twin.measured!.series.filter((s) => s.workload === 'inference');
  const perS = series.map(({ done }) => (1000 * done.length) / done.reduce((ms, { durationMs }) => ms + durationMs, 0));
  const capacity = perS.reduce((sum, rate) => sum + rate, 0);
  const rps = Number((cell.share! * capacity).toPrecision(3));
  const ofModel = (model: string): number => {
    const own = perS.filter((_, i) => series[i].model === model);
    return ((rps / capacity) * own.reduce((sum, rate) => sum + rate, 0)) / own.length;
  };
  return { rps, perProcess: new Map(cell.inference.map(({ model }) => [model, ofModel(model)])) };
}

/** A cell that cannot be measured is left out, but if nothing runs any more the device is gone. */
async function refuseIfGone({ cell }: Turn, why: string, { journal, pool, abort }: Running): Promise<void> {
  if (isSoloInference(cell)) throw gone(why, journal);
  const model = [...journal.entries.values()].find((e) => isSoloInference(e.cell))?.cell.inference[0].model;
  if (model === undefined) throw gone(why, journal);
  try {
    await pool.serving(model, abort);
  } catch (error) {
    if (error instanceof JobEnded) throw gone(error.message, journal);
    throw error;
  } finally {
    pool.release();
  }
}

const gone = (why: string, { entries }: Journal): InputError => new InputError(`the device does not answer any more: ${why}\nThe ${entries.size} cells measured before are kept; when it is back, the same command goes on from there`);
