import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import wasm from '../../../src/executor/backends/wasm.js';
import { openModel } from '../../../src/executor/models/open.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-own-model-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let tf: TensorFlow;
beforeAll(async () => {
  tf = await wasm.open();
});

const dim = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
const float = { type: 'DT_FLOAT' };
/** y = x · w, as tensorflowjs_converter writes it. */
const graph = {
  format: 'graph-model',
  modelTopology: {
    node: [
      { name: 'x', op: 'Placeholder', attr: { dtype: float, shape: { shape: dim(-1, 2) } } },
      { name: 'w', op: 'Const', attr: { dtype: float, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dim(2, 3) } } } },
      { name: 'y', op: 'MatMul', input: ['x', 'w'], attr: { T: float, transpose_a: { b: false }, transpose_b: { b: false } } },
    ],
    versions: { producer: 1 },
  },
  weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [2, 3], dtype: 'float32' }] }],
};
const weights = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

async function answer(source: string, input: number[], shape: number[]): Promise<number[]> {
  const model = await openModel(tf, source);
  const x = tf.core.tensor(input, shape);
  const y = model.predict(x);
  const values = [...(await y.data())];
  tf.core.dispose([x, y]);
  model.dispose();
  return values;
}

describe("a user's own model", () => {
  it('is a graph model by path', async () => {
    file('w.bin', weights);
    const path = file('model.json', JSON.stringify(graph));
    expect(await answer(path, [1, 10], [1, 2])).toEqual([41, 52, 63]);
    const opened = await openModel(tf, path);
    expect(opened).toMatchObject({ inputShape: [2] });
    expect(opened.trainable).toBeUndefined();
    opened.dispose();
  });

  it('is a graph model by URL, with its weights beside it', async () => {
    file('w.bin', weights);
    file('model.json', JSON.stringify(graph));
    const server = createServer(({ url }, reply) => (url === '/m/missing/model.json' ? reply.writeHead(404).end() : reply.end(readFileSync(join(folder, url!.replace('/m/', ''))))));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await answer(`${at}/m/model.json`, [1, 10], [1, 2])).toEqual([41, 52, 63]);
      await expect(openModel(tf, `${at}/m/missing/model.json`)).rejects.toThrow(/the server answers 404/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is a layers model that was saved, and can be trained', async () => {
    const small = await openModel(tf, 'mobilenet_v1_025', { inputSize: 32, classes: 3, seed: 5 });
    let saved: any;
    await small.trainable!.save(tf.core.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }));
    file('layers.bin', new Uint8Array(tf.core.io.CompositeArrayBuffer.join(saved.weightData)));
    const path = file('layers.json', JSON.stringify({ format: 'layers-model', modelTopology: saved.modelTopology, weightsManifest: [{ paths: ['layers.bin'], weights: saved.weightSpecs }] }));
    const input = Array.from({ length: 32 * 32 * 3 }, (_, i) => (i % 17) / 17);
    const x = tf.core.tensor(input, [1, 32, 32, 3]);
    const y = small.predict(x);
    expect(await answer(path, input, [1, 32, 32, 3])).toEqual([...(await y.data())]);
    const opened = await openModel(tf, path);
    expect(opened.inputShape).toEqual([32, 32, 3]);
    expect(opened.trainable).toBeDefined();
    tf.core.dispose([x, y]);
    opened.dispose();
    small.dispose();
  });
});

describe('what cannot be opened is said with its path and what is wrong', () => {
  it.each([
    ['a file that is not there', () => join(folder, 'nowhere', 'model.json'), /nowhere.*cannot be read \(ENOENT\)/],
    ['text', () => file('text.json', 'hello'), /text\.json: not JSON/],
    ['a number', () => file('number.json', '7'), /a JSON object is needed/],
    ['another document', () => file('other.json', '{"a":1}'), /neither a layers model nor a graph model.*tensorflowjs_converter/],
    ['weights that were cut short', () => (file('short.bin', weights.slice(0, 20)), file('short.json', JSON.stringify({ ...graph, weightsManifest: [{ ...graph.weightsManifest[0], paths: ['short.bin'] }] }))), /should be 24 bytes.*have 20/],
    ['weights that are not there', () => file('gone.json', JSON.stringify({ ...graph, weightsManifest: [{ ...graph.weightsManifest[0], paths: ['gone.bin'] }] })), /gone\.bin: cannot be read/],
    ['a layer that nobody knows', () => file('odd.json', JSON.stringify({ format: 'layers-model', modelTopology: { class_name: 'Sequential', config: { layers: [{ class_name: 'Odd', config: {} }] } } })), /odd\.json: TensorFlow\.js cannot open it: .*Odd/],
    ['a misspelt model of the zoo', () => 'vgg_16', /did you mean vgg16\?/],
  ])('%s', async (_what, source, message) => {
    await expect(openModel(tf, source())).rejects.toThrow(message);
  });

  it('a SavedModel on a backend that is not native', async () => {
    file('saved_model.pb', '');
    await expect(openModel(tf, `${folder}/`)).rejects.toThrow(/needs the backend tfjs-node/);
  });
});
