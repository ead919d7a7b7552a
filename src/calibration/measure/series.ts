import type { BatchParts } from '../../executor/engines/engine.js';
import { blockMeans } from '../../contention/fit/blocks.js';
import { median } from '../../contention/fit/medians.js';
import { mserCut } from '../../statistics/mser.js';
import { medianInterval } from '../../statistics/median-interval.js';

/** Longer than the slices in which operating systems and drivers let processes take turns: the mean over such a block says what a process gets. */
export const BLOCK_MS = 100;

/** A finished unit of work. Times are `performance.now()` in ms. */
export interface Done {
  startMs: number;
  durationMs: number;
  /** Parts of it, where they are told apart. */
  parts?: BatchParts;
}

/** What one process did in one cell, in the order of its ends. */
export interface Series {
  process: string;
  workload: 'inference' | 'training';
  model: string;
  batch: number;
  done: Done[];
  /** Middles of the parts of what was done. */
  parts?: BatchParts;
}

const PARTS = ['decodeMs', 'uploadMs', 'readbackMs'] as const;

/** The series with the middles of its parts, in place of those of each unit of work. @param most so many units of work are kept, the last ones */
export function withParts(series: Series, most: number): Series {
  const last = series.done.slice(-most);
  const parts = Object.fromEntries(
    PARTS.flatMap((part) => {
      const told = last.flatMap(({ parts: own }) => own?.[part] ?? []);
      return told.length === 0 ? [] : [[part, median(told)]];
    }),
  ) as BatchParts;
  return { ...series, done: last.map(({ startMs, durationMs }) => ({ startMs, durationMs })), ...(Object.keys(parts).length > 0 && { parts }) };
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

/** The widest of the intervals of the medians of what is alike (workload, model, batch), in blocks, relative to its median. */
export function widest(series: readonly Series[]): number {
  const alike = new Map<string, number[]>();
  for (const { workload, model, batch, done } of series) {
    const key = `${workload} ${model} ${batch}`;
    alike.set(key, [...(alike.get(key) ?? []), ...blockMeans(done.map(({ durationMs }) => durationMs), BLOCK_MS)]);
  }
  return Math.max(0, ...[...alike.values()].map((means) => (means.length === 0 ? Infinity : medianInterval(means).relativeHalfWidth)));
}
