import type { Profile } from './schema.js';

/**
 * The profile of a machine that takes longer for everything, by one factor: times alone, on the host, of loading, of training, and what idleness costs.
 * How much neighbours slow each other stays, and so do the times in which processes get cold and take turns.
 */
export function atSpeed<P extends Profile>(profile: P, factor: number): P {
  const by = (ms: number): number => ms * factor;
  const models = Object.fromEntries(
    Object.entries(profile.models).map(([name, m]) => [
      name,
      {
        ...m,
        solo_ms: by(m.solo_ms),
        ...(m.batches && { batches: { ...m.batches, mean_ms: m.batches.mean_ms.map(by) } }),
        ...(m.host_ms !== undefined && { host_ms: by(m.host_ms) }),
        ...(m.load_ms !== undefined && { load_ms: by(m.load_ms) }),
        ...(m.after_idle && { after_idle: Object.fromEntries(Object.entries(m.after_idle).map(([when, cost]) => [when, { ...cost, added_ms: cost.added_ms.map(by) }])) }),
      },
    ]),
  );
  const training = profile.training && Object.fromEntries(Object.entries(profile.training).map(([name, t]) => [name, { ...t, epoch_s: by(t.epoch_s), ...(t.step_ms !== undefined && { step_ms: by(t.step_ms) }) }]));
  return { ...profile, models, ...(training && { training }) };
}
