import { mserCut } from '../../statistics/mser.js';
import { medianInterval } from '../../statistics/median-interval.js';

/** A finished unit of work. Times are `performance.now()` in ms. */
export interface Done {
  startMs: number;
  durationMs: number;
}

/** What one process did in one cell, in the order of its ends. */
export interface Series {
  process: string;
  workload: 'inference' | 'training';
  model: string;
  batch: number;
  done: Done[];
}

const endMs = ({ startMs, durationMs }: Done): number => startMs + durationMs;

/** From so many values on MSER looks at means of five. */
const ENOUGH_FOR_FIVES = 50;
const FEWEST = 4;

/**
 * When all of these processes had warmed up: the latest of what MSER-5 cuts off of each.
 *
 * @returns `steady` is false where one of them has not been seen steady yet: too few units of work, or a cut at half of them
 */
export function steadyFrom(series: readonly Series[]): { fromMs: number; steady: boolean } {
  let [fromMs, steady] = [-Infinity, true];
  for (const { done } of series) {
    if (done.length < FEWEST) {
      steady = false;
      continue;
    }
    const size = done.length >= ENOUGH_FOR_FIVES ? 5 : 1;
    const means = Array.from({ length: Math.floor(done.length / size) }, (_, i) => done.slice(i * size, (i + 1) * size).reduce((sum, { durationMs }) => sum + durationMs, 0) / size);
    const cut = mserCut(means);
    if (cut >= Math.floor(means.length / 2)) steady = false;
    fromMs = Math.max(fromMs, done[cut * size].startMs);
  }
  return { fromMs, steady };
}

/** Those that began and ended between two times. */
export const within = (done: readonly Done[], fromMs: number, toMs: number): Done[] => done.filter((d) => d.startMs >= fromMs && endMs(d) <= toMs);

/** The widest of the intervals of the medians of what is alike (workload, model, batch), relative to its median. */
export function widest(series: readonly Series[], fromMs: number, toMs: number): number {
  const alike = new Map<string, Done[]>();
  for (const { workload, model, batch, done } of series) {
    const key = `${workload} ${model} ${batch}`;
    alike.set(key, [...(alike.get(key) ?? []), ...within(done, fromMs, toMs)]);
  }
  let most = 0;
  for (const done of alike.values()) {
    if (done.length === 0) return Infinity;
    most = Math.max(most, medianInterval(done.sort((a, b) => endMs(a) - endMs(b)).map(({ durationMs }) => durationMs)).relativeHalfWidth);
  }
  return most;
}
