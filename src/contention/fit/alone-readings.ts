import type { FitPoint } from './fittable.js';
import type { Reading } from './group.js';
import { LOADING_CLASS, type Situation } from './situation.js';

/** Classes of jobs that occur, observed or as neighbours; a process that is being loaded is none. */
export function classesOf(situations: readonly Situation[]): string[] {
  return [...new Set(situations.flatMap((s) => [s.observed, ...s.neighbours.map((n) => n.class)]))].filter((name) => name !== LOADING_CLASS);
}

/**
 * What the device told of each class while one job of it was alone, which is what published models take their channels from.
 *
 * @returns by class, in the order of `wanted`; or what has to be measured
 */
export function aloneReadings(points: readonly FitPoint[], wanted: readonly Reading[], called: string): ReadonlyMap<string, readonly number[]> | { needs: string } {
  const found = new Map<string, readonly number[]>();
  for (const name of classesOf(points.map((p) => p.situation))) {
    const alone = points.find((p) => p.situation.observed === name && p.situation.neighbours.length === 0);
    const values = wanted.map((reading) => alone?.readings?.[reading]);
    if (values.some((v) => v === undefined)) return { needs: `needs ${called} (${wanted.join(' and ')}) of ${name} alone` };
    found.set(name, values as number[]);
  }
  return found;
}
