import { Type, type Static } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

const Model = Type.Object(
  {
    source: Type.Optional(Type.String({ minLength: 1, description: 'name in the zoo, path or URL of a model.json, or folder of a SavedModel; the name of the model if left out' })),
    input_size: Type.Optional(Type.Integer({ minimum: 1, description: 'height and width of the images in pixels, where the model leaves them open; for a model of the zoo that of its authors if left out' })),
    classes: Type.Optional(Type.Integer({ minimum: 2, description: 'classes of a model of the zoo; 1000 if left out' })),
    seed: Type.Optional(Type.Integer({ minimum: 0, description: 'of the weights of a model of the zoo; 1 if left out' })),
    labels: Type.Optional(Type.Array(Type.String(), { description: 'names of the classes, by their position in the answer' })),
  },
  closed,
);

/** What the engines over TensorFlow.js are told. */
export const TensorFlowOptionsSchema = Type.Object(
  { models: Type.Record(Type.String({ minLength: 1 }), Model, { default: {}, description: 'by the name that the scenario uses; a model that is not here is opened by its name' }) },
  { ...closed, description: 'which models an engine over TensorFlow.js opens' },
);

export type TensorFlowOptions = Static<typeof TensorFlowOptionsSchema>;
export type ModelChoice = Static<typeof Model>;

/** What `openModel` takes of it. */
export const buildOptionsOf = ({ input_size: inputSize, classes, seed }: ModelChoice): { inputSize?: number; classes?: number; seed?: number } => ({
  ...(inputSize !== undefined && { inputSize }),
  ...(classes !== undefined && { classes }),
  ...(seed !== undefined && { seed }),
});
