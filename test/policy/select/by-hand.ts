import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, type Choice, type Setup } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

/** Three variants: a quick one, a middling one, and a slow one that is right most often. */
export const variants: NamedProfile = {
  name: 'variants',
  models: {
    quick: { solo_ms: 5, accuracy: 0.5 },
    middling: { solo_ms: 20, accuracy: 0.7 },
    slow: { solo_ms: 100, accuracy: 0.9 },
  },
};

export const stages = [{ model: 'quick', variants: [{ model: 'quick' }, { model: 'middling' }, { model: 'slow' }] }];

/** One request for each SLO, long after the one before; gives the time that each took on the accelerator, which tells the variant. */
export async function servedMs(select: Choice, slosMs: readonly number[], more: Partial<Setup> = {}): Promise<number[]> {
  const workload = [at(slosMs.map((slo, i) => [1000 * i, slo]), { stages })];
  const { spans } = await record(alternative({ workload, sites: variants, select, ...more }));
  return [...spans].sort((a, b) => a.start_ms - b.start_ms).map((span) => span.end_ms - span.start_ms);
}

/** How often each variant was chosen in many requests. */
export async function shares(select: Choice, requests: number, sites: NamedProfile = variants, stage = stages, slo = 500): Promise<number[]> {
  const { replicate } = await import('../../../src/experiment/replication.js');
  const workload = [{ app: 'a', stages: stage, slo_ms: slo, clients: { count: 1, think_ms: 0, think: 'fixed' as const, retry_after_ms: 1, requests } }];
  const { measured } = await replicate({ alternative: alternative({ workload, sites, select, durationS: 1e6 }), replication: 0, warmUpMs: 0 });
  return measured!.apps[0].answeredBy!.map((answers) => answers / requests);
}
