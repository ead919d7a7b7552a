import { expect, it } from 'vitest';
import wasm from '../../../src/executor/backends/wasm.js';
import { RetrainingJob } from '../../../src/executor/retraining/job.js';
import { applyWeights, weightsToBytes } from '../../../src/executor/retraining/weights.js';
import { images, smallModel } from './small-model.js';

const DRIFT = { rotation_degrees: 70, brightness: -0.15 };

it('accuracy falls when the world drifts, and recovers after retraining, and the serving model gets what was learnt', async () => {
  const tf = await wasm.open();
  const [model, serving] = [smallModel(tf), smallModel(tf, { seed: 4 })];
  const options = { batch: 20, learning_rate: 0.02, seed: 5 };
  const trainEpochs = async (job: RetrainingJob, epochs: number): Promise<number[]> => {
    const losses: number[] = [];
    for await (const { epochEnded } of job) {
      if (epochEnded !== undefined) losses.push(epochEnded.loss);
      if (losses.length === epochs) break;
    }
    return losses;
  };

  const before = await RetrainingJob.open(tf, model, { images: await images({ count: 300 }), heldOut: await images({ count: 300, first: 1000 }), options });
  const losses = await trainEpochs(before, 4);
  expect(losses[3]).toBeLessThan(0.5 * losses[0]);
  const first = await before.propose();
  expect(first.decision).toMatchObject({ deploy: true, images: 300 });
  expect(first.decision.accuracyBefore).toBeLessThan(0.5);
  expect(first.decision.accuracyAfter).toBeGreaterThan(0.9);
  applyWeights(tf.core, serving, first.weights!);
  await before.close();

  const after = await RetrainingJob.open(tf, model, { images: await images({ count: 300, first: 2000, drift: DRIFT }), heldOut: await images({ count: 300, first: 3000, drift: DRIFT }), options });
  await trainEpochs(after, 4);
  const { decision, weights } = await after.propose();
  expect(decision.deploy).toBe(true);
  expect(decision.accuracyBefore).toBeLessThan(first.decision.accuracyAfter - 0.3);
  expect(decision.accuracyAfter).toBeGreaterThan(0.9);
  applyWeights(tf.core, serving, weights!);
  expect(await weightsToBytes(serving).then((bytes) => bytes.length)).toBeGreaterThan(0);
  const served = await RetrainingJob.open(tf, serving, { images: await images({ count: 20 }), heldOut: await images({ count: 300, first: 3000, drift: DRIFT }) });
  expect((await served.test()).accuracy).toBe(decision.accuracyAfter);
  await Promise.all([after.close(), served.close()]);
}, 30_000);
