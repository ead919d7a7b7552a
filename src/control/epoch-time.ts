import type { Ms, TrainingChoice } from '../policy/contract.js';
import type { Profile } from '../profile/schema.js';
import { stretchOf } from '../profile/share-cost.js';
import type { System } from './system.js';

/**
 * Time of an epoch of a job alone on an accelerator; Infinity if its profile does not know the model.
 *
 * The profile's `epoch_s`, times the length of an epoch of the configuration over that one, times what the share costs: the
 * profile has one stretch for inference and training.
 */
export function epochMsOf(system: System, profile: Profile, job: number, { configuration = 0, sharePercent }: TrainingChoice = {}): Ms {
  const training = profile.training?.[system.jobs[job].model];
  if (training === undefined) return Infinity;
  const learning = system.learning?.find((spec) => spec.job === job);
  const factor = configuration === 0 ? learning?.epochFactor : learning?.configurations?.[configuration - 1]?.epochFactor;
  return training.epoch_s * 1000 * (factor ?? 1) * (sharePercent === undefined ? 1 : stretchOf(profile, sharePercent));
}
