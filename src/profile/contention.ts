import type { ActivityClass, Contention, ContentionModel } from '../contention/contract.js';
import { contentionModels } from '../contention/models.js';
import { InputError } from '../input/error.js';
import { byShare } from '../contention/by-share.js';
import { stretchOf } from './share-cost.js';
import type { Profile } from './schema.js';

/**
 * The profile's contention model, bound to the classes that occur on one accelerator; without one in the profile,
 * neighbours cost nothing.
 *
 * @throws InputError if the parameters fit the schema but not each other, such as lists of different lengths
 */
export function bindContention(profile: Profile, classes: readonly ActivityClass[]): Contention {
  const parameters = profile.contention ?? { model: 'none' as const };
  const model: ContentionModel = contentionModels[parameters.model];
  try {
    if (parameters.model === 'igniter' || classes.every(({ sharePercent }) => sharePercent === undefined)) return model.bind(parameters, classes);
    return byShare((unshared) => model.bind(parameters, unshared), classes, (percent) => stretchOf(profile, percent));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`profile ${profile.name ?? '(inline)'}, contention (model ${parameters.model}): ${error.message}`);
  }
}
