import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { findBackend } from '../../../src/executor/backends/find.js';
import tfjsNode from '../../../src/executor/backends/tfjs-node.js';
import { registerGradientKernels } from '../../../src/executor/backends/wasm/kernels.js';
import { openModel } from '../../../src/executor/models/open.js';
import { InputError } from '../../../src/input/error.js';
import { zoo } from '../../../src/models/zoo.js';
import { corun } from '../../cli/corun.js';
import { built } from '../../experiment/built.js';
import type { Compared } from './compared.js';
import { cases, largestError, outputAndGradients } from './gradients.js';
import { inOwnProcess } from './in-own-process.js';
import { describeWithNative } from './native-build.js';
import { writeSavedModel } from './saved-model.js';
import { trainSmallCnn } from './small-cnn.js';

/** float32 sums in another order: of one layer, and through up to 200 of them. */
const OF_A_LAYER = 1e-4;
const OF_A_MODEL = 1e-3;

describeWithNative('tfjs-node for real', (setup) => {
  const folder = mkdtempSync(join(tmpdir(), 'corun-native-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let tf: TensorFlow;
  beforeAll(async () => {
    tf = await tfjsNode.open();
    registerGradientKernels(tf.core);
  });

  it('is found with the TensorFlow that was set up, and listed', async () => {
    const found = { device: 'CPU, all cores', version: `tfjs-node 4.22.0, TensorFlow ${setup().record.tensorflow}` };
    expect(await findBackend(tfjsNode, 30_000, built('executor/backends/probe.js'))).toEqual(found);
    const listed = JSON.parse(corun(['backends', '--format', 'json']).stdout).backends as { name: string }[];
    expect(listed.find(({ name }) => name === 'tfjs-node')).toMatchObject({ available: true, ...found });
  });

  describe('output and gradients are those of the cpu backend', () => {
    it.each(Object.entries(cases))('%s', async (_name, tried) => {
      expect(largestError(await outputAndGradients(tf, 'tensorflow', tried), await outputAndGradients(tf, 'cpu', tried))).toBeLessThan(OF_A_LAYER);
    });
  });

  describe('whole models', () => {
    // Each in a process of its own: gradients of large models fill the memory of wasm.
    it.each(Object.keys(zoo))('%s answers as on wasm, and has its gradients', (name) => {
      const [{ answer, gradients, weights }] = inOwnProcess<Compared[]>('compareModels', ['tfjs-node', [name]]);
      expect(answer).toBeLessThan(OF_A_MODEL);
      expect(gradients).toBeLessThan(OF_A_MODEL);
      expect(weights).toBeGreaterThan(15);
    });
  });

  it('learns: training a small CNN goes by the same steps as on the cpu backend', async () => {
    await tf.core.setBackend('cpu');
    const reference = await trainSmallCnn(tf, 4);
    await tf.core.setBackend('tensorflow');
    const loss = await trainSmallCnn(tf, 4);
    expect(loss[3]).toBeLessThan(0.5 * loss[0]);
    expect(largestError([loss], [reference])).toBeLessThan(OF_A_MODEL);
  });

  it('opens a SavedModel', async () => {
    await tf.core.setBackend('tensorflow');
    const path = join(folder, 'saved');
    writeSavedModel(path);
    const model = await openModel(tf, `${path}/`);
    const x = tf.core.tensor([1, 10, 0, 1], [2, 2]);
    const y = model.predict(x);
    expect([...(await y.data())]).toEqual([41, 52, 63, 4, 5, 6]);
    tf.core.dispose([x, y]);
    model.dispose();
  });

  it('says what is wrong with a SavedModel that is none', async () => {
    writeFileSync(join(folder, 'saved_model.pb'), 'no protocol buffer');
    await expect(openModel(tf, `${folder}/`)).rejects.toThrow(InputError);
    await expect(openModel(tf, `${folder}/`)).rejects.toThrow(/corun-native-.*TensorFlow cannot open this SavedModel: \S/);
  });
});
