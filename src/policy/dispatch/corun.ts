import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, type Topology } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';
import { combinations } from './combinations.js';
import { startUpTo } from './start-up-to.js';

const Options = Type.Object(
  {
    latency_tolerance: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'K is admissible while mean latency(K) / latency(1) ≤ this × K' }),
    epoch_tolerance: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'K is admissible while epoch(K) / epoch(0) ≤ this × (K + 1)' }),
    k_cap: Type.Integer({ minimum: 1, default: 16, description: 'the search goes no further' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);
type Options = Static<typeof Options>;

/** The largest K, and what ended the search. */
export interface Found {
  k: number;
  limitedBy: string;
}

/**
 * Corun's offline profiling: the largest number K of inferences beside the retraining job such that no combination of K
 * models exceeds the memory, the mean latency over the combinations grows at most `latency_tolerance` × K-fold, and
 * the epoch at most `epoch_tolerance` × (K + 1)-fold. Source: Liu, Andhare, Kang, Sensors 24(16), 2024; the tests inside
 * the loop are reconstructed, since the paper's thresholds are not known.
 */
export function largestK(accelerator: Topology['accelerators'][number], trainingModel: string | undefined, options: Options): Found {
  const { models } = accelerator;
  if (models.length === 0) return { k: 0, limitedBy: 'no app that it could serve' };
  const epochAlone = accelerator.coRun([], trainingModel).epochMs;
  let latencyAlone = 0;
  for (let k = 1; k <= options.k_cap; k++) {
    let sum = 0;
    let count = 0;
    let epoch = 0;
    for (const { models: members, ways } of combinations(models, k)) {
      const run = accelerator.coRun(members, trainingModel);
      if (!run.fits) return { k: k - 1, limitedBy: `memory: ${k} need ${Math.round(run.memoryMiB)} MiB` };
      if (run.outside !== undefined) return { k: k - 1, limitedBy: `what was measured: ${run.outside}` };
      for (const latencyMs of run.latencyMs) sum += ways * latencyMs;
      count += ways * k;
      epoch = Math.max(epoch, run.epochMs ?? 0);
    }
    const latency = sum / count;
    if (k === 1) latencyAlone = latency;
    if (latency / latencyAlone > options.latency_tolerance * k) return { k: k - 1, limitedBy: `latency: × ${(latency / latencyAlone).toFixed(2)} at ${k}` };
    if (epochAlone !== undefined && epoch / epochAlone > options.epoch_tolerance * (k + 1))
      return { k: k - 1, limitedBy: `epoch time: × ${(epoch / epochAlone).toFixed(2)} at ${k}` };
  }
  return { k: options.k_cap, limitedBy: `k_cap ${options.k_cap}` };
}

export default definePolicy<'dispatch', Options>({
  name: 'corun',
  about: 'Searches beforehand for the largest K that memory, latency and epoch time allow beside the retraining job, then serves first come, first served up to K.',
  source: 'reconstructed: Liu, Andhare, Kang, Sensors 24(16), 2024; the tolerances of the search are options, because the paper’s are not known.',
  decision: 'dispatch',
  options: Options,
  create: (options, { topology }) => {
    const limits: number[] = [];
    const facts: Record<string, number | string> = {};
    return {
      facts,
      concurrency(id, trainingModel) {
        const accelerator = topology.accelerators.find((a) => a.id === id)!;
        const found = largestK(accelerator, trainingModel, options);
        limits[id] = found.k;
        const where = topology.accelerators.length === 1 ? '' : ` on ${accelerator.name}`;
        facts[`K${where}`] = found.k;
        facts[`K limited by${where}`] = found.limitedBy;
        return found.k;
      },
      on(_event, _subject, nowMs, view, out) {
        startUpTo(limits, nowMs, view, out);
        rejectBeyond(options.queue_limit, view, out);
        return NEVER;
      },
    };
  },
});
