import { PLAIN_PHASES, type GroupKey } from './group.js';
import { observedClass } from './situation.js';

export interface Measured {
  key: GroupKey;
  logMs: number;
}

const phaseOf = (g: GroupKey): string => (g.phase === undefined || PLAIN_PHASES.includes(g.phase) ? '' : g.phase);

/** How different two groups are: first what is observed and how much of it, then the phase, then the numbers of jobs. */
function distance(a: GroupKey, b: GroupKey): number {
  return (
    (observedClass(a) === observedClass(b) ? 0 : 1e9) +
    (a.units === b.units && a.mode === b.mode ? 0 : 1e7) +
    Math.abs(a.inferenceJobs - b.inferenceJobs) +
    Math.abs(a.trainingJobs - b.trainingJobs) +
    (phaseOf(a) === phaseOf(b) ? 0 : 0.5)
  );
}

/**
 * The naive prediction that a model has to beat: the median of the nearest measured group of the same workload; of several that
 * are equally near, their geometric mean. That is interpolation where both sides were measured, so the comparison is not a soft one.
 *
 * @returns the logarithm of ms, or undefined if the workload was not measured
 */
export function nearestLogMs(of: GroupKey, measured: readonly Measured[]): number | undefined {
  let best = Infinity;
  let logs: number[] = [];
  for (const { key, logMs } of measured) {
    if (key.workload !== of.workload) continue;
    const d = distance(of, key);
    if (d < best) logs = [];
    if (d <= best) {
      best = d;
      logs.push(logMs);
    }
  }
  return logs.length === 0 ? undefined : logs.reduce((a, b) => a + b, 0) / logs.length;
}
