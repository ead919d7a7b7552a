import type { ActivityClass } from '../contention/contract.js';
import { igniterPredict, type IgniterWorkload } from '../contention/igniter.js';
import { batchMs } from './batch.js';
import { bindContention } from './contention.js';
import type { Profile } from './schema.js';
import { stretchOf } from './share-cost.js';

/** An inference process that is always busy with batches of one size, with a share of the processors in percent. */
export interface SharedWorkload {
  model: string;
  batch: number;
  sharePercent: number;
}

function igniterWorkload(profile: Profile, { model, batch, sharePercent }: SharedWorkload): IgniterWorkload | undefined {
  if (profile.contention?.model !== 'igniter' || !Object.hasOwn(profile.contention.models, model)) return undefined;
  const { share_percent: _, batch: __, ...coefficients } = profile.contention.models[model];
  return { model: coefficients, batch, share_percent: sharePercent };
}

/** Time of a batch alone on the accelerator at a legal share, in ms. */
export function aloneMs(profile: Profile, workload: SharedWorkload): number {
  const igniter = igniterWorkload(profile, workload);
  if (igniter !== undefined && profile.contention?.model === 'igniter') return igniterPredict(profile.contention.gpu, [igniter])[0].latencyMs;
  return batchMs(profile.models[workload.model], workload.batch) * stretchOf(profile, workload.sharePercent);
}

/**
 * Time of a batch of each of these processes while all of them are busy, in ms, in the order given.
 *
 * @param trainingModel a retraining job beside them, without a share
 */
export function togetherMs(profile: Profile, workloads: readonly SharedWorkload[], trainingModel?: string): number[] {
  const igniter = workloads.map((workload) => igniterWorkload(profile, workload));
  if (profile.contention?.model === 'igniter' && igniter.every((workload) => workload !== undefined)) return igniterPredict(profile.contention.gpu, igniter).map(({ latencyMs }) => latencyMs);
  const classes: ActivityClass[] = workloads.map(({ model, sharePercent }) => ({ kind: 'inference', model, sharePercent }));
  if (trainingModel !== undefined) classes.push({ kind: 'training', model: trainingModel });
  const slowdown = new Float64Array(classes.length).fill(1);
  bindContention(profile, classes).slowdowns(new Int32Array(classes.length).fill(1), slowdown);
  return workloads.map((workload, i) => slowdown[i] * aloneMs(profile, workload));
}
