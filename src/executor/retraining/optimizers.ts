import type * as tfc from '@tensorflow/tfjs-core';
import type { RetrainingOptions } from './options.js';
import type { NamedValues } from './tensor-file.js';

type Core = typeof tfc;

/** Momentum of 0.9 and Adam's constants are those of the papers and of every framework. */
export const optimizers = {
  sgd: (core: Core, learningRate: number): tfc.Optimizer => core.train.sgd(learningRate),
  momentum: (core: Core, learningRate: number): tfc.Optimizer => core.train.momentum(learningRate, 0.9),
  adam: (core: Core, learningRate: number): tfc.Optimizer => core.train.adam(learningRate),
} satisfies Record<NonNullable<RetrainingOptions['optimizer']>, unknown>;
export type OptimizerName = keyof typeof optimizers;

/** What an optimizer knows besides the weights. */
export interface OptimizerState {
  iterations: number;
  tensors: NamedValues[];
}

/**
 * Adam's products of β₁ and β₂, one factor a step. TensorFlow.js leaves them out of `getWeights`, and computes powers instead when it
 * is restored: near the products, and not the same, so that a run that went on would leave the one without a break.
 */
const PRODUCTS = ['accBeta1', 'accBeta2'] as const;
type Products = Partial<Record<(typeof PRODUCTS)[number], tfc.Variable>>;

export async function readOptimizer(optimizer: tfc.Optimizer): Promise<OptimizerState> {
  // The first one counts steps, and is an integer.
  const [steps, ...moments] = await optimizer.getWeights();
  steps.tensor.dispose();
  const products = PRODUCTS.flatMap((name) => {
    const tensor = (optimizer as Products)[name];
    return tensor === undefined ? [] : [{ name, tensor }];
  });
  const tensors = await Promise.all([...moments, ...products].map(async ({ name, tensor }) => ({ name, shape: tensor.shape, values: await tensor.data<'float32'>() })));
  return { iterations: optimizer.iterations, tensors };
}

/** Restores exactly what `readOptimizer` read, in an optimizer of the same kind that has made no step. */
export async function restoreOptimizer(core: Core, optimizer: tfc.Optimizer, { iterations, tensors }: OptimizerState): Promise<void> {
  const isProduct = ({ name }: NamedValues): boolean => (PRODUCTS as readonly string[]).includes(name);
  const tensorOf = ({ shape, values }: NamedValues): tfc.Tensor => core.tensor(values, [...shape], 'float32');
  const moments = tensors.filter((each) => !isProduct(each)).map((each) => ({ name: each.name, tensor: tensorOf(each) }));
  const steps = core.scalar(iterations, 'int32');
  await optimizer.setWeights([{ name: 'iter', tensor: steps }, ...moments]);
  for (const each of tensors.filter(isProduct)) {
    const tensor = tensorOf(each);
    (optimizer as Products)[each.name as keyof Products]!.assign(tensor);
    tensor.dispose();
  }
  core.dispose([steps, ...moments.map(({ tensor }) => tensor)]);
}
