import { LONGEST, OPEN_TIME, rowsNeeded, type Limits } from '../measure/limits.js';
import { FIRST_STEPS } from '../measure/pool.js';
import { jobsOf, trainingName, type Cell, type Turn } from './cell.js';
import { probeKey, slowestMs, type Probes } from './probe.js';
import { Repetitions } from './repetitions.js';

/** Of the time between the least and the most, what cells take as a rule. */
const USUAL = 0.5;
const MEMORY_PROCESSES = 8;

/** How long a cell takes, ms, without loading: the usual time, or what the slowest job needs for its rows if jobs take turns. */
export function measuringMs(cell: Cell, probes: Probes, limits: Limits): number {
  if (cell.kind === 'memory') return 0;
  const { minMs, maxMs } = limits;
  const stretch = cell.kind === 'open' ? OPEN_TIME : 1;
  const rows = slowestMs(cell, probes) * rowsNeeded(cell, limits) * (cell.share === undefined ? 1 : 1 / cell.share);
  const usual = stretch * (minMs + USUAL * (maxMs - minMs));
  const loads = cell.loads === undefined ? 0 : probes.models[cell.loads].loadMs * 2;
  return Math.max(loads, Math.min(Math.max(usual, rows), LONGEST * stretch * maxMs));
}

/** How long turns take, ms. @param keeps how many idle processes are kept until the next repetition; those that are not there have to be loaded */
export function estimateMs(turns: readonly Turn[], probes: Probes, limits: Limits, keeps: number): number {
  const there = new Map<string, number>();
  const repetitions = new Repetitions();
  return turns.reduce((sum, turn) => {
    if (repetitions.begins(turn)) there.clear();
    return sum + measuringMs(turn.cell, probes, limits) + loadingMs(turn.cell, probes, limits.warmUpMs, there, keeps);
  }, 0);
}

function loadingMs({ kind, inference, training }: Cell, probes: Probes, warmUpMs: number, there: Map<string, number>, keeps: number): number {
  let ms = 0;
  const need = (key: string, count: number, eachMs: number): void => {
    const has = keeps === 0 ? 0 : (there.get(key) ?? 0);
    ms += Math.max(0, count - has) * eachMs;
    there.set(key, Math.max(count, has));
  };
  for (const { model, count } of inference) need(model, kind === 'memory' ? MEMORY_PROCESSES : count, probes.models[model].loadMs + warmUpMs);
  if (training !== undefined) {
    const seen = probes.training[probeKey(training)];
    need(trainingName(training), 1, seen.loadMs + (warmUpMs > 0 ? Math.max(warmUpMs, FIRST_STEPS * seen.sliceMs) : 0));
  }
  return ms;
}

/** The most processes at once in any of the cells. */
export const mostProcesses = (cells: readonly Cell[]): number => Math.max(1, ...cells.map((cell) => jobsOf(cell) + (cell.training === undefined ? 0 : 1)));
