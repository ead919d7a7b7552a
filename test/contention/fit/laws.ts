import { queueSlowdown, queueUtilisation } from '../../../src/contention/fit/queues.js';
import { situationOf, type Situation } from '../../../src/contention/fit/situation.js';
import type { GroupKey } from '../../../src/contention/fit/group.js';

const others = (s: Situation, kind: string): number => s.neighbours.reduce((sum, n) => sum + (n.class.startsWith(kind) ? n.count : 0), 0);

const queue = (demand: Record<string, number>, host?: Record<string, number>) => ({
  slowdown: (s: Situation): number => queueSlowdown(s, at(demand, host), host !== undefined)!,
  busy: (s: Situation): number => queueUtilisation(s, at(demand, host), host !== undefined)!,
});
const at = (demand: Record<string, number>, host?: Record<string, number>) => (name: string) => {
  const [, kind, what] = /^(\w+):.*: (demand|host queue)$/.exec(name)!;
  return (what === 'demand' ? demand : host!)[kind];
};

/** True laws to draw observations from: the slowdown of a situation. */
export const laws: Record<string, { slowdown: (s: Situation) => number; busy?: (s: Situation) => number }> = {
  none: { slowdown: () => 1 },
  linear: { slowdown: (s) => (s.workload === 'inference' ? 1 + 0.35 * others(s, 'inference:') + 0.5 * others(s, 'training:') : 1 + 0.2 * others(s, 'inference:')) },
  usl: {
    slowdown: (s) => {
      const n = 1 + others(s, 'inference:') + (s.workload === 'inference' ? 0.8 : 0) * others(s, 'training:');
      const [sigma, kappa] = s.workload === 'inference' ? [0.25, 0.03] : [0.1, 0.02];
      return 1 + sigma * (n - 1) + kappa * n * (n - 1);
    },
  },
  bottleneck: queue({ inference: 0.6, training: 0.7 }),
  'two-queues': queue({ inference: 0.5, training: 0.6 }, { inference: 0.5, training: 0.2 }),
  /** Outside every family: free up to three jobs, then as many times slower as jobs per three, with a wiggle. */
  outside: { slowdown: (s) => Math.sqrt(1 + ((others(s, 'inference:') + 0.7 * others(s, 'training:')) / 2.5) ** 2) * (1 + 0.05 * (others(s, 'inference:') % 2)) },
};

export const situation = (key: GroupKey): Situation => situationOf(key, 'inference:a');
