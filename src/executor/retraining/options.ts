import { Type, type Static } from '@sinclair/typebox';
import { inputError } from '../../input/issue.js';
import { validate } from '../../input/validate.js';
import { learningFields } from '../../scenario/fine-tuning.js';

/** How a model is retrained. */
export const RetrainingOptions = Type.Object(
  {
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536, default: 16, description: 'images in a step' })),
    ...learningFields,
  },
  { additionalProperties: false },
);
export type RetrainingOptions = Static<typeof RetrainingOptions>;

/** All options; what was not given is filled in. */
export type CompletedOptions = Required<Omit<RetrainingOptions, 'last_layers'>> & Pick<RetrainingOptions, 'last_layers'>;

/** @throws InputError at options that are not allowed */
export function completed(options: RetrainingOptions = {}): CompletedOptions {
  const { value, issues } = validate(RetrainingOptions, { ...options });
  if (issues.length > 0) throw inputError({ issues, locate: () => ({ label: 'retraining', line: 0, column: 0 }) });
  return value as CompletedOptions;
}
