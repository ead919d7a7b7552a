import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { values } from './gradients.js';

/** Trains a CNN with every kind of convolution on two kinds of images: bright above, and bright below. Returns the loss of each epoch. */
export async function trainSmallCnn({ core, layers }: TensorFlow, epochs: number): Promise<number[]> {
  const seed = 7;
  const init = { kernelInitializer: layers.initializers.heNormal({ seed }), depthwiseInitializer: layers.initializers.heNormal({ seed }) };
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 6, kernelSize: 3, strides: 1, padding: 'same', ...init }),
      layers.layers.batchNormalization(),
      layers.layers.reLU(),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', ...init }),
      layers.layers.reLU({ maxValue: 6 }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: layers.initializers.glorotUniform({ seed }) }),
    ],
  });
  model.compile({ optimizer: core.train.sgd(0.05), loss: 'categoricalCrossentropy' });
  const count = 32;
  const noise = values(5, count * 64);
  const images = noise.map((x, i) => 0.5 * x + ((i % 64 < 32) === Math.floor(i / 64) % 2 < 1 ? 0.5 : -0.5));
  const x = core.tensor(images, [count, 8, 8, 1]);
  const y = core.oneHot(core.tensor1d(Array.from({ length: count }, (_, i) => i % 2), 'int32'), 2);
  const { history } = await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
  core.dispose([x, y]);
  model.dispose();
  return history.loss as number[];
}
