import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import wasm from '../../../src/executor/backends/wasm.js';
import { RetrainingJob } from '../../../src/executor/retraining/job.js';
import { DamagedTensors } from '../../../src/executor/retraining/tensor-file.js';
import { applyWeights, weightsToBytes } from '../../../src/executor/retraining/weights.js';
import { buildModel } from '../../../src/models/build.js';
import { initialise } from '../../../src/models/initialise.js';
import { zooModel } from '../../../src/models/zoo.js';
import { InputError } from '../../../src/input/error.js';
import { images, smallModel } from './small-model.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = await wasm.open();
});

async function answers(model: LayersModel): Promise<number[]> {
  const { images: values } = await (await images({ count: 5 })).load([0, 1, 2, 3, 4]);
  const x = tf.core.tensor(values, [5, 16, 16, 3]);
  const y = model.predict(x) as Tensor;
  const read = [...(await y.data())];
  tf.core.dispose([x, y]);
  return read;
}

it('a serving model that gets the weights answers exactly as the trained one, and holds no more tensors than before', async () => {
  const [trained, serving] = [smallModel(tf), smallModel(tf, { seed: 9 })];
  const job = await RetrainingJob.open(tf, trained, { images: await images({ count: 60 }), heldOut: await images({ count: 6, first: 100 }) });
  for (let i = 0; i < 5; i++) await job.step();
  await job.close();
  const old = await answers(serving);
  const { numTensors } = tf.core.memory();
  applyWeights(tf.core, serving, await weightsToBytes(trained));
  expect(tf.core.memory().numTensors).toBe(numTensors);
  expect(await answers(serving)).not.toEqual(old);
  expect(await answers(serving)).toEqual(await answers(trained));
});

it('frozen layers in the trained model do not change the order of weights', async () => {
  const [trained, serving] = [smallModel(tf, { seed: 5 }), smallModel(tf, { seed: 6 })];
  trained.layers[0].trainable = false;
  trained.layers[1].trainable = false;
  applyWeights(tf.core, serving, await weightsToBytes(trained));
  expect(await answers(serving)).toEqual(await answers(trained));
});

it('travels between two models of the zoo that were built apart', async () => {
  const [one, other] = [1, 2].map((seed) => {
    const model = buildModel(tf.layers, zooModel('mobilenet_v1_025'), { inputSize: 32, classes: 4 }, seed);
    initialise(tf.core, model, seed);
    return model;
  });
  const x = tf.core.fill([1, 32, 32, 3], 0.5);
  const answer = async (model: LayersModel): Promise<number[]> => [...(await (model.predict(x) as Tensor).data())];
  expect(await answer(other)).not.toEqual(await answer(one));
  applyWeights(tf.core, other, await weightsToBytes(one));
  expect(await answer(other)).toEqual(await answer(one));
});

it('refuses weights of another model or damaged ones, and leaves the model as it is', async () => {
  const model = smallModel(tf);
  const before = await answers(model);
  const other = await weightsToBytes(smallModel(tf, { seed: 7, classes: 5 }));
  expect(() => applyWeights(tf.core, model, other)).toThrow(/c3\/kernel.*\[256, 6\].*c7\/kernel.*\[256, 5\]/);
  expect(() => applyWeights(tf.core, model, other)).toThrow(InputError);
  expect(() => applyWeights(tf.core, model, other.subarray(0, 500))).toThrow(DamagedTensors);
  expect(await answers(model)).toEqual(before);
});
