import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';
import { largestK, type Growth } from './corun-search.js';
import { startUpTo } from './start-up-to.js';

const Options = Type.Object(
  {
    latency_tolerance: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'K is admissible while mean latency(K) / latency(1) ≤ this × K' }),
    epoch_tolerance: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'K is admissible while epoch(K) / epoch(0) ≤ this × (K + 1)' }),
    combinations: Type.Union([Type.Literal('mean'), Type.Literal('worst')], {
      default: 'mean',
      description: 'which latency(K) / latency(1) is tested: that of the mean over all models in all combinations of K, or the largest of any model in any combination',
    }),
    k_cap: Type.Integer({ minimum: 1, default: 16, description: 'the search goes no further' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);
type Options = Static<typeof Options>;

/** What the K that was found does, as the profile says of jobs that are always busy: the paper's goals as numbers. */
function growthFacts({ combinations, latency, epoch, memoryMiB }: Growth): Record<string, string> {
  const times = ({ mean, worst }: { mean: number; worst: number }): string => `× ${mean.toFixed(2)} in the mean, × ${worst.toFixed(2)} at worst`;
  return {
    'latency at K': `${times(latency)} of ${combinations} combination${combinations === 1 ? '' : 's'}`,
    ...(epoch === undefined ? {} : { 'epoch at K': times(epoch) }),
    ...(memoryMiB > 0 ? { 'memory at K': `${Math.round(memoryMiB)} MiB at worst` } : {}),
  };
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
        // Of one accelerator only: of nine they would fill a page.
        if (found.growth !== undefined && where === '') Object.assign(facts, growthFacts(found.growth));
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
