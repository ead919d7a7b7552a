import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import wasm from '../../../src/executor/backends/wasm.js';
import { Checkpoints } from '../../../src/executor/retraining/checkpoints.js';
import { RetrainingJob, type JobOrder, type StepReport } from '../../../src/executor/retraining/job.js';
import { optimizers } from '../../../src/executor/retraining/optimizers.js';
import type { RetrainingOptions } from '../../../src/executor/retraining/options.js';
import { decodeTensors } from '../../../src/executor/retraining/tensor-file.js';
import { readWeights, weightsToBytes } from '../../../src/executor/retraining/weights.js';
import { InputError } from '../../../src/input/error.js';
import { images, smallModel } from './small-model.js';

let tf: TensorFlow;
let folder: string;
beforeAll(async () => {
  tf = await wasm.open();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corun-job-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ordered = async (options: RetrainingOptions = {}, more: Partial<JobOrder> = {}): Promise<JobOrder> => ({
  images: await images({ count: 30 }),
  heldOut: await images({ count: 12, first: 100 }),
  options: { batch: 8, ...options },
  ...more,
});
const checkpoints = async () => ({ checkpoints: await Checkpoints.open<never>(folder) });
const steps = async (job: RetrainingJob, count: number): Promise<number[]> => {
  const losses = [];
  for (let i = 0; i < count; i++) losses.push((await job.step()).loss);
  return losses;
};
/** Names of layers are counted up within a process; what counts is the values. */
const bytesOf = async (model: LayersModel): Promise<string> => {
  const hash = createHash('sha256');
  for (const { values } of await readWeights(model)) hash.update(values);
  return hash.digest('hex');
};

describe('training', () => {
  it('reports steps and epochs, with the last batch as small as what is left', async () => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered());
    const reports: StepReport[] = [];
    for await (const step of job) {
      reports.push(step);
      if (reports.length === 5) break;
    }
    expect(reports.map(({ epoch, step, images, steps }) => [epoch, step, images, steps])).toEqual([[0, 0, 8, 4], [0, 1, 8, 4], [0, 2, 8, 4], [0, 3, 6, 4], [1, 0, 8, 4]]);
    const first = reports.slice(0, 4);
    const sum = (of: (step: StepReport) => number): number => first.reduce((total, step) => total + of(step), 0);
    const { epochEnded } = reports[3];
    expect(epochEnded).toMatchObject({ epoch: 0, steps: 4, images: 30, stepMs: sum(({ stepMs }) => stepMs), loaderMs: sum(({ loaderMs }) => loaderMs) });
    expect(epochEnded!.loss).toBeCloseTo(sum(({ loss, images }) => loss * images) / 30, 10);
    expect(epochEnded!.accuracy).toBeCloseTo(sum(({ accuracy, images }) => accuracy * images) / 30, 10);
    expect(reports.filter(({ epochEnded }) => epochEnded !== undefined)).toHaveLength(1);
    await job.close();
  });

  it('goes on after a pause as if there had been none, also when it was asked for its accuracy meanwhile', async () => {
    const [one, other] = [smallModel(tf), smallModel(tf)];
    const whole = await RetrainingJob.open(tf, one, await ordered());
    const paused = await RetrainingJob.open(tf, other, await ordered());
    const expected = await steps(whole, 6);
    const found = await steps(paused, 2);
    await paused.test();
    await paused.propose();
    found.push(...(await steps(paused, 4)));
    expect(found).toEqual(expected);
    expect(await bytesOf(other)).toBe(await bytesOf(one));
    await Promise.all([whole.close(), paused.close()]);
  });

  it('holds no more tensors with each step', async () => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({ optimizer: 'adam' }));
    await steps(job, 2);
    const { numTensors } = tf.core.memory();
    await steps(job, 5);
    await job.test();
    expect(tf.core.memory().numTensors).toBe(numTensors);
    await job.close();
  });

  it.each(Object.keys(optimizers))('learns with %s', async (optimizer) => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({ optimizer: optimizer as 'sgd', learning_rate: optimizer === 'sgd' ? 0.05 : 0.01 }));
    const losses = await steps(job, 40);
    expect(losses.slice(-4).reduce((a, b) => a + b) / 4).toBeLessThan(0.5 * losses[0]);
    await job.close();
  });

  it('of the last layers alone leaves all others as they are, moments too', async () => {
    const model = smallModel(tf);
    const before = await readWeights(model);
    const job = await RetrainingJob.open(tf, model, await ordered({ last_layers: 1 }));
    await steps(job, 3);
    const after = await readWeights(model);
    const changed = after.flatMap(({ name, values }, i) => (values.join() === before[i].values.join() ? [] : [name]));
    expect(changed).toEqual(['c3/kernel', 'c3/bias']);
    await job.close();
  });

  it('learns from a model that answers with logits, by the same loss', async () => {
    const build = (activation: 'softmax' | 'linear'): LayersModel => {
      const model = tf.layers.sequential({ layers: [tf.layers.layers.flatten({ inputShape: [16, 16, 3] }), tf.layers.layers.dense({ units: 6, activation, kernelInitializer: 'zeros' })] });
      model.layers[1].setWeights([tf.core.tensor(Array.from({ length: 768 * 6 }, (_, i) => ((i % 17) - 8) / 100), [768, 6]), tf.core.zeros([6])]);
      return model;
    };
    const [one, other] = await Promise.all((['softmax', 'linear'] as const).map(async (activation) => RetrainingJob.open(tf, build(activation), await ordered())));
    const [expected, found] = [await steps(one, 6), await steps(other, 6)];
    for (const [i, loss] of found.entries()) expect(loss).toBeCloseTo(expected[i], 4);
    await Promise.all([one.close(), other.close()]);
  });
});

describe('held-out images', () => {
  it('decline a model that has become worse, and training goes on from what it was', async () => {
    const model = smallModel(tf);
    const job = await RetrainingJob.open(tf, model, await ordered({ learning_rate: 0.02 }, { heldOut: await images({ count: 60, first: 100 }) }));
    await steps(job, 24);
    expect((await job.propose()).decision.deploy).toBe(true);
    for (const weight of model.layers.at(-1)!.weights) weight.write(tf.core.zerosLike(weight.read()));
    const spoilt = await bytesOf(model);
    const { decision, weights } = await job.propose();
    expect(decision).toMatchObject({ deploy: false, reason: expect.stringContaining('worse') as string });
    expect(weights).toBeUndefined();
    expect(await bytesOf(model)).toBe(spoilt);
    await job.close();
  });
});

describe('checkpoints', () => {
  it.each(Object.keys(optimizers))('%s goes on in another model to the same weights, and compares with what was deployed', async (optimizer) => {
    const options = { optimizer: optimizer as 'adam', checkpoint_steps: 3 };
    const [one, other] = [smallModel(tf), smallModel(tf, { seed: 12 })];
    const first = await RetrainingJob.open(tf, one, await ordered(options, await checkpoints()));
    await steps(first, 5);
    const { decision } = await first.propose();
    await steps(first, 2);
    const second = await RetrainingJob.open(tf, other, await ordered(options, await checkpoints()));
    expect(second.resumed).toMatchObject({ epoch: 1, step: 3, passedOver: [] });
    expect(await steps(second, 5)).toEqual(await steps(first, 5));
    expect(await bytesOf(other)).toBe(await bytesOf(one));
    // Where nothing was deployed, the model as it was opened is what is in use.
    const opened = await RetrainingJob.open(tf, smallModel(tf, { seed: 12 }), await ordered());
    expect((await second.propose()).decision.accuracyBefore).toBe(decision.deploy ? decision.accuracyAfter : (await opened.test()).accuracy);
    await Promise.all([first.close(), second.close(), opened.close()]);
  });

  it('are used for their weights alone where the images are others', async () => {
    const model = smallModel(tf);
    const first = await RetrainingJob.open(tf, model, await ordered({ checkpoint_steps: 3 }, await checkpoints()));
    await steps(first, 7);
    const other = smallModel(tf, { seed: 13 });
    const second = await RetrainingJob.open(tf, other, await ordered({ checkpoint_steps: 3 }, { ...(await checkpoints()), images: await images({ count: 31 }) }));
    expect(second.resumed).toMatchObject({ epoch: 1, step: 0, changed: expect.stringContaining('begin anew') as string });
    expect(await bytesOf(other)).toBe(await bytesOf(model));
    await Promise.all([first.close(), second.close()]);
  });

  it('of another model are refused, with the folder', async () => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({ checkpoint_steps: 1 }, await checkpoints()));
    await steps(job, 1);
    const { folder: place } = (await checkpoints()).checkpoints;
    const model = tf.layers.sequential({ layers: [tf.layers.layers.flatten({ inputShape: [16, 16, 3] }), tf.layers.layers.dense({ units: 6 })] });
    await expect(RetrainingJob.open(tf, model, await ordered({}, await checkpoints()))).rejects.toThrow(new RegExp(`${place}.*another model.*name another folder`));
    await job.close();
  });

  it('that cannot be written are told with the step, and training goes on', async () => {
    const full = await Checkpoints.open<never>(folder, () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })));
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({ checkpoint_steps: 1 }, { checkpoints: full }));
    for (let i = 0; i < 2; i++) expect((await job.step()).checkpoint?.failed).toContain('the disk is full');
    await job.close();
  });

  it('hold all weights, and the moments of the optimizer', async () => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({ optimizer: 'adam', checkpoint_steps: 1 }, await checkpoints()));
    await steps(job, 1);
    const { checkpoint } = await (await checkpoints()).checkpoints.last();
    // 12 weights, of which 8 learn: two moments each, and two products.
    expect(checkpoint!.tensors).toHaveLength(12 + 2 * 8 + 2);
    expect(decodeTensors(await weightsToBytes(smallModel(tf))).tensors).toHaveLength(12);
    await job.close();
  });
});

it.each([
  [{ options: { batch: 0 } }, /retraining: batch/],
  [{ options: { optimiser: 'adam' } }, /optimizer/],
  [{ options: { last_layers: 6 } }, /last_layers: 6 is more than the 5 layers/],
])('refuses %j', async (more, message) => {
  const opened = RetrainingJob.open(tf, smallModel(tf), await ordered({}, more as never));
  await expect(opened).rejects.toThrow(InputError);
  await expect(opened).rejects.toThrow(message);
});

it('refuses images of another size, or with other classes', async () => {
  const model = smallModel(tf);
  await expect(RetrainingJob.open(tf, model, await ordered({}, { images: await images({ count: 9, side: 12 }) }))).rejects.toThrow(/12 × 12 × 3.*takes 16 × 16 × 3/);
  await expect(RetrainingJob.open(tf, model, await ordered({}, { heldOut: await images({ count: 9, classes: 3 }) }))).rejects.toThrow(/held-out images: 3 classes.*answers with 6/);
});

describe('other images', () => {
  it('are learnt from between two epochs, with the same optimizer, and the ones before are closed', async () => {
    const closed: string[] = [];
    const watched = async (name: string, given: Record<string, unknown>) => ({ ...(await images(given)), close: () => (closed.push(name), Promise.resolve()) });
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({}, { images: await watched('first', { count: 16 }) }));
    await job.step();
    await expect(job.learnFrom(await images({ count: 40 }), await images({ count: 8, first: 100 }))).rejects.toThrow(RangeError);
    await job.step();
    await job.learnFrom(await images({ count: 40 }), await images({ count: 8, first: 100 }));
    expect(closed).toEqual(['first']);
    const reports: StepReport[] = [];
    for (let i = 0; i < 5; i++) reports.push(await job.step());
    expect(reports.map(({ epoch, step, steps }) => [epoch, step, steps])).toEqual([[1, 0, 5], [1, 1, 5], [1, 2, 5], [1, 3, 5], [1, 4, 5]]);
    expect((await job.test()).hits).toHaveLength(8);
    await job.close();
  });

  it('that do not fit are refused, and the job goes on with those that it has', async () => {
    const job = await RetrainingJob.open(tf, smallModel(tf), await ordered());
    await expect(job.learnFrom(await images({ count: 9, classes: 3 }), await images({ count: 9 }))).rejects.toThrow(InputError);
    expect((await job.step()).steps).toBe(4);
    await job.close();
  });
});

it('compares with the weights that serve, where whoever serves knows better than the folder', async () => {
  const inUse = await weightsToBytes(smallModel(tf, { seed: 9 }));
  const job = await RetrainingJob.open(tf, smallModel(tf), await ordered({}, { inUse, ...(await checkpoints()) }));
  const before = await RetrainingJob.open(tf, smallModel(tf, { seed: 9 }), await ordered());
  const { decision } = await job.propose();
  expect(decision.accuracyBefore).toBe((await before.test()).accuracy);
  await expect(RetrainingJob.open(tf, smallModel(tf, { classes: 6, dropout: 0.2 }), await ordered({}, { inUse: inUse.slice(0, 40) }))).rejects.toThrow();
});
