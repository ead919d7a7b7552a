import type { GroupPoint } from './cross-validation.js';
import type { FittedModel } from './fittable.js';
import type { Situation } from './situation.js';

/** A throughput that needs more than this share of the accelerator's time is impossible; measured shares are rounded and sampled. */
const MOST_BUSY = 1.05;
/** A model is asked for up to so many times as many jobs as were measured. */
const BEYOND = 2;

/**
 * Whether a model promises more work than the accelerator has time for. The device demand of a unit of work follows from measured
 * utilisation, D = U T / n (Denning and Buzen, 1978), and n jobs whose units take T(n) need X D = n D / T(n) of its time, which cannot exceed 1.
 *
 * @returns why it is impossible, or undefined if it is not, or cannot be told without measured utilisation
 */
export function breaksUtilisationLaw(model: FittedModel, points: readonly GroupPoint[]): string | undefined {
  const alike = points.filter((p) => p.key.workload === 'inference' && p.key.trainingJobs === 0 && p.situation.neighbours.every((n) => n.class === p.situation.observed));
  for (const base of new Set(alike.map((p) => p.situation.base))) {
    const own = alike.filter((p) => p.situation.base === base);
    const demands = own.flatMap((p) => (p.readings?.accelerator_busy === undefined ? [] : [(p.readings.accelerator_busy * Math.exp(p.logMs)) / p.key.inferenceJobs])).sort((a, b) => a - b);
    if (demands.length === 0) continue;
    const demand = demands[(demands.length - 1) >> 1];
    const most = Math.max(...own.map((p) => p.key.inferenceJobs));
    for (let n = 2; n <= BEYOND * most; n++) {
      const situation: Situation = { ...own[0].situation, inferenceNeighbours: n - 1, neighbours: [{ class: own[0].situation.observed, count: n - 1 }] };
      const log = model.logMs(situation);
      if (log === undefined) continue;
      const busy = (n * demand) / Math.exp(log);
      if (busy > MOST_BUSY) return `at ${n} jobs of ${own[0].key.model} its throughput would need ${Math.round(100 * busy)} % of the accelerator's time`;
    }
  }
  return undefined;
}
