import type { Profile } from './schema.js';

/** How many draws a profile states; 0 if it states no uncertainty. */
export const drawCount = (profile: Profile): number => profile.uncertainty?.draws.length ?? 0;

/**
 * The profile as it would be if one of its draws were true: what a simulation runs on while policies go on knowing the profile itself.
 * A profile without uncertainty is itself in every draw.
 *
 * @param index of the draw, from 0; indices beyond the last begin again
 */
export function drawnProfile<P extends Profile>(profile: P, index: number): P {
  const count = drawCount(profile);
  if (count === 0) return profile;
  const { time = {}, contention = profile.contention } = profile.uncertainty!.draws[index % count];
  const factor = (kind: string, model: string): number => time[`${kind}:${model}`] ?? 1;
  return {
    ...profile,
    models: Object.fromEntries(
      Object.entries(profile.models).map(([name, m]) => {
        const by = factor('inference', name);
        return [name, { ...m, solo_ms: m.solo_ms * by, ...(m.batches === undefined ? {} : { batches: { ...m.batches, mean_ms: m.batches.mean_ms.map((ms) => ms * by) } }) }];
      }),
    ),
    ...(profile.training === undefined ? {} : { training: Object.fromEntries(Object.entries(profile.training).map(([name, t]) => [name, { ...t, epoch_s: t.epoch_s * factor('training', name), ...(t.step_ms === undefined ? {} : { step_ms: t.step_ms * factor('training', name) }) }])) }),
    ...(contention === undefined ? {} : { contention }),
  };
}
