import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locate } from '../../../src/executor/backends/packages.js';
import { built } from '../../experiment/built.js';

const SOFTWARE = '/usr/lib/chromium/vk_swiftshader_icd.json';
const driver = process.env.VK_ICD_FILENAMES ?? (existsSync(SOFTWARE) ? SOFTWARE : undefined);
const hasWebgpu = driver !== undefined && ['webgpu', '@tensorflow/tfjs-backend-webgpu'].every((name) => locate(name) !== undefined);

interface Row {
  name: string;
  ok: boolean;
  why?: string;
  answer: number;
  gradients: number;
  worst: number;
  weights: number;
}

/** What `npm run gradients` says; all models are in docs/backends.md, and on tfjs-node in native.test.ts. */
function compared(backend: string, models: readonly string[]): { tolerances: Record<string, number>; rows: Row[] } {
  built('executor/backends/wasm.js');
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/gradients.mjs', '--backend', backend, '--models', models.join(), '--format', 'json'], { encoding: 'utf8', env: { ...process.env, ...(driver !== undefined && { VK_ICD_FILENAMES: driver }) } });
  if (stdout === '') throw new Error(stderr.slice(-1500));
  return JSON.parse(stdout) as ReturnType<typeof compared>;
}

// On wasm and webgpu together: convolutions, depthwise ones, batch normalisation, largest-value pooling, squeeze and excitation,
// concatenations, sums. Average pooling and wide dense layers are compared layer by layer in wasm.test.ts and native.test.ts.
describe.each([
  { backend: 'wasm', reference: 'cpu', models: ['squeezenet1_0', 'mobilenet_v2', 'mobilenet_v3_small', 'googlenet'], missing: '' },
  { backend: 'webgpu', reference: 'wasm', models: ['squeezenet1_0', 'mobilenet_v3_small'], missing: hasWebgpu ? '' : 'a Vulkan driver or its packages are absent' },
])('answers and gradients of whole models on $backend are those of $reference', ({ backend, models, missing }) => {
  it.skipIf(missing !== '')(`${models.join(', ')}${missing === '' ? '' : ` (skipped: ${missing})`}`, () => {
    const { tolerances, rows } = compared(backend, models);
    expect(rows.map(({ name }) => name)).toEqual(models);
    for (const { name, why, weights, ...row } of rows) {
      expect(why, name).toBeUndefined();
      expect(weights, name).toBeGreaterThan(15);
      for (const what of ['answer', 'gradients', 'worst'] as const) expect(row[what], `${name}: ${what}`).toBeLessThan(tolerances[what]);
    }
  }, 300_000);
});

it('a model that cannot be compared is no success', () => {
  const { rows } = compared('tfjs-node-gpu', ['mobilenet_v1_025']);
  expect(rows[0]).toMatchObject({ ok: false, why: expect.stringContaining('tfjs-node-gpu: ') });
});
