import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { datasets } from '../../../src/executor/images/datasets.js';
import { loaderOf, type Loader } from '../../../src/executor/retraining/loader.js';
import { initialise } from '../../../src/models/initialise.js';

export const CLASSES = 6;
export const SIDE = 16;

/** A small CNN with batch normalisation and dropout: all that makes a step depend on more than weights and images. */
export function smallModel({ core, layers: { layers, sequential } }: TensorFlow, { seed = 3, dropout = 0.1, classes = CLASSES } = {}): LayersModel {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same', useBias: false, kernelInitializer: 'zeros', name: `a${seed}` }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.reLU(),
      layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same', useBias: false, kernelInitializer: 'zeros', name: `b${seed}` }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.reLU(),
      layers.flatten(),
      layers.dropout({ rate: dropout }),
      layers.dense({ units: classes, activation: 'softmax', kernelInitializer: 'zeros', name: `c${seed}` }),
    ],
  });
  initialise(core, model, seed);
  return model;
}

/** Generated images of the classes and size of the small model. */
export async function images(given: Record<string, unknown>): Promise<Loader> {
  return loaderOf(await datasets.generated.open({ classes: CLASSES, side: SIDE, ...given } as never));
}
