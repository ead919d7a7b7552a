import type { ParameterSpec, Values } from './parametric.js';
import { LOADING_CLASS, type Situation } from './situation.js';

const NAME = 'a loading neighbour adds';

/** For laws that know nothing of loading: one parameter for all classes, if a process was ever loaded beside a measured one. */
export function loadingParameter(situations: readonly Situation[]): ParameterSpec[] {
  if (!situations.some((s) => s.neighbours.some((n) => n.class === LOADING_CLASS))) return [];
  return [{ name: NAME, least: -0.5, most: 20, starts: [0.1], needs: 'needs the same jobs with and without a loading neighbour' }];
}

/** What loading neighbours add to a slowdown; undefined if none was ever measured. */
export function loadingTerm({ neighbours }: Situation, at: Values): number | undefined {
  const loading = neighbours.find((n) => n.class === LOADING_CLASS);
  if (loading === undefined) return 0;
  const each = at(NAME);
  return each === undefined ? undefined : each * loading.count;
}

/** Neighbours that are jobs. */
export const jobsBeside = ({ neighbours }: Situation): Situation['neighbours'] => neighbours.filter((n) => n.class !== LOADING_CLASS);
