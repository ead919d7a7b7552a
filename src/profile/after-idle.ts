import type { Static } from '@sinclair/typebox';
import { spreadQuantile } from '../random/service.js';
import type { AfterIdleSchema } from './schema.js';

type Said = Static<typeof AfterIdleSchema>;

/** Between two images that follow each other passes some of it; it is no idleness. */
const LEAST_IDLE_MS = 1;

export interface AfterIdle {
  /**
   * @param processes inference processes on the accelerator
   * @param idleMs how long its process had nothing to do; Infinity before its first
   * @param besideTraining whether a retraining job is at work
   * @param u uniform draw
   * @returns ms, beside what neighbours cost
   */
  addedMs(processes: number, idleMs: number, besideTraining: boolean, u: number): number;
}

/** What the profile says of a model's inferences after idleness; undefined if it says nothing. */
export function afterIdle({ after_idle: said }: { after_idle?: Said }): AfterIdle | undefined {
  if (said === undefined) return undefined;
  const alone = said.alone && addedBy(said.alone);
  const beside = said.beside_training ? addedBy(said.beside_training) : alone;
  return {
    addedMs: (processes, idleMs, besideTraining, u) => (besideTraining ? beside : alone)?.(processes, idleMs, u) ?? 0,
  };
}

function addedBy({ idle_ms: idleMs, processes, added_ms: addedMs, cv = 0 }: NonNullable<Said['alone']>): (processes: number, idleMs: number, u: number) => number {
  const factor = cv > 0 ? spreadQuantile({ distribution: 'lognormal', cv }) : () => 1;
  const last = processes.length - 1;
  const mean = (n: number): number => {
    const above = processes.findIndex((measured) => measured >= n);
    if (above < 0) return addedMs[last];
    if (above === 0) return addedMs[0];
    const part = (n - processes[above - 1]) / (processes[above] - processes[above - 1]);
    return addedMs[above - 1] + part * (addedMs[above] - addedMs[above - 1]);
  };
  const leastMs = Math.max(idleMs, LEAST_IDLE_MS);
  return (n, forMs, u) => (forMs > leastMs ? mean(n) * factor(u) : 0);
}
