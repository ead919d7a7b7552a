import type { Static } from '@sinclair/typebox';
import { spreadQuantile } from '../random/service.js';
import type { AfterIdleSchema } from './schema.js';

type Said = Static<typeof AfterIdleSchema>;

/** How cold a process is, from 0 (always busy) to 1 (idle for very long), and what that costs. */
export interface AfterIdle {
  /**
   * A process gets cold while it has nothing to do: 1 − (1 − c) e^(−idle / cools).
   *
   * @param cold how cold it was when it became idle
   * @param idleMs how long it had nothing to do; Infinity before its first image
   */
  coldAfter(cold: number, idleMs: number, besideTraining: boolean): number;
  /** It gets warm again while it works: c e^(−work / warms). */
  coldAfterWork(cold: number, workMs: number, besideTraining: boolean): number;
  /**
   * @param processes inference processes on the accelerator
   * @param besideTraining whether a retraining job is at work
   * @param u uniform draw
   * @returns ms, beside what neighbours cost
   */
  addedMs(processes: number, cold: number, besideTraining: boolean, u: number): number;
}

/** What the profile says of a model's inferences after idleness; undefined if it says nothing. */
export function afterIdle({ after_idle: said }: { after_idle?: Said }): AfterIdle | undefined {
  if (said === undefined) return undefined;
  const alone = said.alone && costOf(said.alone);
  const beside = said.beside_training ? costOf(said.beside_training) : alone;
  return {
    coldAfter: (cold, idleMs, besideTraining) => cooled((besideTraining ? beside : alone)?.coolsMs, cold, idleMs),
    coldAfterWork: (cold, workMs, besideTraining) => cold * decayed((besideTraining ? beside : alone)?.warmsMs ?? 0, workMs),
    addedMs: (processes, cold, besideTraining, u) => (besideTraining ? beside : alone)?.addedMs(processes, cold, u) ?? 0,
  };
}

const cooled = (coolsMs: number | undefined, cold: number, idleMs: number): number => (coolsMs === undefined ? cold : cold + (1 - cold) * (1 - decayed(coolsMs, idleMs)));

/** e^(−t / τ), and 0 where all is over at once. */
const decayed = (constantMs: number, forMs: number): number => (forMs === 0 ? 1 : constantMs === 0 ? 0 : Math.exp(-forMs / constantMs));

interface Cost {
  coolsMs: number;
  warmsMs: number;
  addedMs(processes: number, cold: number, u: number): number;
}

function costOf({ cools_ms: coolsMs, warms_ms: warmsMs = 0, processes, added_ms: addedMs, cv = 0 }: NonNullable<Said['alone']>): Cost {
  const factor = cv > 0 ? spreadQuantile({ distribution: 'lognormal', cv }) : () => 1;
  const last = processes.length - 1;
  const mean = (n: number): number => {
    const above = processes.findIndex((measured) => measured >= n);
    if (above < 0) return addedMs[last];
    if (above === 0) return addedMs[0];
    const part = (n - processes[above - 1]) / (processes[above] - processes[above - 1]);
    return addedMs[above - 1] + part * (addedMs[above] - addedMs[above - 1]);
  };
  return { coolsMs, warmsMs, addedMs: (n, cold, u) => (cold === 0 ? 0 : cold * mean(n) * factor(u)) };
}
