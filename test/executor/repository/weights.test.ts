import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import wasm from '../../../src/executor/backends/wasm.js';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { weightsToBytes } from '../../../src/executor/retraining/weights.js';
import { until } from '../fake-system.js';
import { classify, labelled, ownModel } from '../retraining/learning-executor.js';
import { CLASSES, SIDE, smallModel } from '../retraining/small-model.js';
import { edgeFor, fakeWeights, manager, newFolder, scenarioWith } from './edge-system.js';

/** A file of weights of the small model, and what a model with them says of an image. */
async function version(tf: TensorFlow, seed: number, image: Uint8Array): Promise<{ file: string; scores: string }> {
  const model = smallModel(tf, { seed });
  const file = join(newFolder(), 'weights.bin');
  writeFileSync(file, await weightsToBytes(model));
  const input = tf.core.tensor(new Float32Array(new Uint8Array(image).buffer), [1, SIDE, SIDE, 3]);
  const output = model.predict(input) as ReturnType<typeof tf.core.tensor>;
  const scores = [...(await output.data())].join();
  input.dispose();
  output.dispose();
  model.dispose();
  return { file, scores };
}

it('real weights that are published answer under load, each answer wholly by one version; a version that does not fit changes nothing', async () => {
  const tf = await wasm.open();
  const [{ image }] = await labelled({ count: 1, first: 9, classes: CLASSES, side: SIDE });
  const versions = [await version(tf, 11, image), await version(tf, 12, image), await version(tf, 13, image)];
  expect(new Set(versions.map(({ scores }) => scores)).size).toBe(3);
  const source = await manager();
  await source.store.publish('m', versions[0].file);
  const died: string[] = [];
  const { executor } = await edgeFor(source.url, scenarioWith(), newFolder(), {}, { backend: 'wasm', models: { m: { source: await ownModel(newFolder()) } }, options: { report: { workerDied: (_, why) => died.push(why) } } });
  await executor.begin();
  const answers: { outcome: Outcome; scores: string }[] = [];
  let going = true;
  const client = async (): Promise<void> => {
    while (going) answers.push(await classify(executor, image));
  };
  const clients = [client(), client()];
  await source.store.publish('m', versions[1].file);
  await until(() => answers.at(-1)?.scores === versions[1].scores, 'version 2 answers');

  await source.store.publish('m', fakeWeights(1, 1000));
  await until(() => died.length > 0, 'version 3 is refused');
  expect(died[0]).toBe('its version in the repository does not fit: it does not begin as a file of tensors does; publish one that does, and remove this one from the storage of an edge that cannot start with it');
  const before = answers.length;
  await until(() => answers.length > before + 20, 'version 2 answers on');
  expect(answers.at(-1)!.scores).toBe(versions[1].scores);

  await source.store.publish('m', versions[2].file);
  await until(() => answers.at(-1)!.scores === versions[2].scores, 'version 4 answers');
  going = false;
  await Promise.all(clients);
  await executor.stop(1000);
  await source.close();
  expect(answers.filter(({ outcome }) => outcome !== Outcome.answered)).toEqual([]);
  expect(answers.map(({ scores }) => scores).filter((scores, i, all) => scores !== all[i - 1])).toEqual(versions.map(({ scores }) => scores));
}, 30_000);
