import { Type, type Static } from '@sinclair/typebox';

/** Steps are made in a row for so long, if a scenario does not say. */
export const DEFAULT_SLICE_MS = 50;

/** How weights learn. */
export const learningFields = {
  optimizer: Type.Optional(Type.Union([Type.Literal('sgd'), Type.Literal('momentum'), Type.Literal('adam')], { default: 'momentum', description: 'how gradients change weights' })),
  learning_rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, default: 0.01, description: 'of the optimizer' })),
  last_layers: Type.Optional(Type.Integer({ minimum: 1, description: 'only so many layers with weights, from the end, learn; without it all do' })),
  checkpoint_steps: Type.Optional(Type.Integer({ minimum: 1, default: 100, description: 'steps between two checkpoints; there is one at the end of each epoch too' })),
  seed: Type.Optional(Type.Union([Type.Integer(), Type.String()], { default: 1, description: 'of the order of images and of dropout' })),
};

/** How a retraining job learns when a scenario is served for real. */
export const FineTuning = Type.Object(
  {
    ...learningFields,
    held_out_share: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.2, description: 'share of the images that is not trained with, to compare new weights with those in use' })),
    deploy_every_epochs: Type.Optional(Type.Integer({ minimum: 1, description: 'after so many epochs weights are compared and deployed if better, unless the policy deploys by itself; by default learning.epochs_per_deploy, and 1 without that' })),
    slice_ms: Type.Optional(Type.Number({ minimum: 0, default: DEFAULT_SLICE_MS, description: 'steps are made in a row for so long, at least one, before a pause or a deploy is heard of' })),
  },
  { additionalProperties: false, description: 'how the model learns when the scenario is served for real; a simulation looks at `slice_ms` alone, where a profile knows the steps' },
);
export type FineTuning = Static<typeof FineTuning>;
