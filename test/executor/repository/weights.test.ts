import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import wasm from '../../../src/executor/backends/wasm.js';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { RepositoryStore } from '../../../src/executor/repository/store.js';
import { decodeTensors } from '../../../src/executor/retraining/tensor-file.js';
import { weightsToBytes } from '../../../src/executor/retraining/weights.js';
import { corun } from '../../cli/corun.js';
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

  // None of the kind can be published, so it is put there by hand.
  await expect(source.store.publish('m', fakeWeights(1, 1000))).rejects.toThrow('it cannot be version 3 of m: it is no file of weights, and the version before is one');
  const other = new RepositoryStore(newFolder());
  const { entry } = await other.publish('m', fakeWeights(1, 1000));
  copyFileSync(other.blob(entry.sha256), source.store.blob(entry.sha256));
  const { models, ...rest } = await source.store.manifest();
  writeFileSync(join(source.store.folder, 'repository.json'), JSON.stringify({ ...rest, models: { m: [...models.m, entry] } }));
  await until(() => died.length > 0, 'it is refused');
  expect(died[0]).toBe('its version in the repository does not fit: it does not begin as a file of tensors does; publish one that does, and remove this one from the storage of an edge that cannot start with it');
  const before = answers.length;
  await until(() => answers.length > before + 20, 'version 2 answers on');
  expect(answers.at(-1)!.scores).toBe(versions[1].scores);

  writeFileSync(join(source.store.folder, 'repository.json'), JSON.stringify({ ...rest, models: { m: [...models.m, entry, models.m[1]] } }));
  await source.store.publish('m', versions[2].file);
  await until(() => answers.at(-1)!.scores === versions[2].scores, 'a version that fits');
  going = false;
  await Promise.all(clients);
  await executor.stop(1000);
  await source.close();
  expect(answers.filter(({ outcome }) => outcome !== Outcome.answered)).toEqual([]);
  expect(answers.map(({ scores }) => scores).filter((scores, i, all) => scores !== all[i - 1])).toEqual(versions.map(({ scores }) => scores));
});

it('publishes the weights of a model.json, and nothing of another shape', async () => {
  const tf = await wasm.open();
  const store = new RepositoryStore(newFolder());
  const source = await ownModel(newFolder());
  const ran = corun(['repository', 'publish', 'm', source, '--into', store.folder, '--format', 'json']);
  expect(JSON.parse(ran.stdout)).toMatchObject({ model: 'm', version: 1, new: true });
  const model = smallModel(tf);
  // Layers are numbered within a process, so their names differ.
  const valuesOf = (bytes: Uint8Array): number[][] => decodeTensors(bytes).tensors.map(({ values }) => [...values]);
  expect(valuesOf(readFileSync(store.blob((await store.manifest()).models.m[0].sha256)))).toEqual(valuesOf(await weightsToBytes(model)));
  model.dispose();
  const other = smallModel(tf, { classes: 5 });
  const file = join(newFolder(), 'other.bin');
  writeFileSync(file, await weightsToBytes(other));
  other.dispose();
  await expect(store.publish('m', file)).rejects.toThrow(/it cannot be version 2 of m: its tensor \d+ has the shape \[256, 5\], and that of the version before \[256, 6\]/);
  writeFileSync(file, readFileSync(file).subarray(0, 100));
  await expect(store.publish('n', file)).rejects.toThrow('its checksum does not agree with its content');
});
