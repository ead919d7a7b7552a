import { Type, type Static } from '@sinclair/typebox';
import { inputError } from '../../input/issue.js';
import { validate } from '../../input/validate.js';
import { optimizers, type OptimizerName } from './optimizers.js';

/** How a model is retrained. */
export const RetrainingOptions = Type.Object(
  {
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536, default: 16, description: 'images in a step' })),
    optimizer: Type.Optional(
      Type.Union(
        (Object.keys(optimizers) as OptimizerName[]).map((name) => Type.Literal(name)),
        { default: 'momentum', description: 'how gradients change weights' },
      ),
    ),
    learning_rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, default: 0.01, description: 'of the optimizer' })),
    last_layers: Type.Optional(Type.Integer({ minimum: 1, description: 'only so many layers with weights, from the end, learn; without it all do' })),
    checkpoint_steps: Type.Optional(Type.Integer({ minimum: 1, default: 100, description: 'steps between two checkpoints; there is one at the end of each epoch too' })),
    seed: Type.Optional(Type.Union([Type.Integer(), Type.String()], { default: 1, description: 'of the order of images and of dropout' })),
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
