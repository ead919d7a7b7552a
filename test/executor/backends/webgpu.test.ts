import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { locate } from '../../../src/executor/backends/packages.js';
import { built } from '../../experiment/built.js';
import { cases } from './gradients.js';
import { inOwnProcess } from './in-own-process.js';

/** Software Vulkan, as Debian's chromium brings it. A driver that the user has named wins. */
const SOFTWARE = '/usr/lib/chromium/vk_swiftshader_icd.json';
const driver = process.env.VK_ICD_FILENAMES ?? (existsSync(SOFTWARE) ? SOFTWARE : undefined);
const lacks = [
  ...['webgpu', '@tensorflow/tfjs-backend-webgpu'].filter((name) => locate(name) === undefined).map((name) => `the package ${name}`),
  ...(driver === undefined ? ['a Vulkan driver'] : []),
];
const env = { ...process.env, ...(driver === undefined ? {} : { VK_ICD_FILENAMES: driver }) };

/** Dawn keeps its process alive, so it gets one of its own. */
function inProcess(program: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8', timeout: 50_000 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`no answer: ${stderr.slice(-1500)}`);
  return JSON.parse(line);
}

const open = `
  const { default: webgpu } = await import(${JSON.stringify(`file://${built('executor/backends/webgpu.js')}`)});
  const tf = await webgpu.open();
  const { core, layers } = tf;
`;

/** Skips where there is no driver, and says what is missing. */
const describeWithVulkan = lacks.length === 0 ? describe : describe.skipIf(true);

describeWithVulkan(`webgpu for real${lacks.length > 0 ? ` (skipped: ${lacks.join(' and ')} is absent)` : ''}`, () => {
  it('output and gradients of every kind of layer are those of the cpu backend', () => {
    const errors = inOwnProcess<Record<string, number>>('compareLayers', ['webgpu'], env);
    expect(Object.keys(errors)).toEqual(Object.keys(cases));
    for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(1e-4);
  }, 60_000);

  it('trains a small CNN: the loss falls', () => {
    const { loss } = inProcess(`${open}
      await core.setBackend('webgpu');
      const init = { kernelInitializer: layers.initializers.heNormal({ seed: 7 }) };
      const model = layers.sequential({ layers: [
        layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', ...init }),
        layers.layers.maxPooling2d({ poolSize: 2 }), layers.layers.flatten(), layers.layers.dense({ units: 2, activation: 'softmax', ...init })] });
      model.compile({ optimizer: core.train.sgd(0.1), loss: 'categoricalCrossentropy' });
      const x = core.tensor(Array.from({ length: 16 * 64 }, (_, i) => ((i % 64 < 32) === (Math.floor(i / 64) % 2 === 0) ? 0.8 : -0.3) + (i % 7) / 20), [16, 8, 8, 1]);
      const y = core.oneHot(core.tensor1d(Array.from({ length: 16 }, (_, i) => i % 2), 'int32'), 2);
      const { history } = await model.fit(x, y, { epochs: 5, batchSize: 8, shuffle: false, verbose: 0 });
      console.log(JSON.stringify({ loss: history.loss }));
      process.exit();`) as { loss: number[] };
    expect(loss[4]).toBeLessThan(0.7 * loss[0]);
  });
});
