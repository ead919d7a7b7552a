import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corun, mistake } from './corun.js';
import { serving } from './serving.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-serve-'));
function scenario(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const profile = 'profile: { models: { mobilenet_v1_025: { solo_ms: 5 }, inception_v3: { solo_ms: 5 }, resnet50: { solo_ms: 100 }, mine: { solo_ms: 1, memory_mib: 900 } }, training: { resnet50: { batch: 16, epoch_s: 10 } }, accelerator: { name: small, memory_mib: 500 } }';
const whole = (workload: string, more = '') => `schema: corun/scenario@1\nduration_s: 10\nworkload:\n${workload}\nsites: [{ name: edge, accelerators: [{ ${profile} }] }]\n${more}`;
const app = (name: string, model: string) => `  - { app: ${name}, model: ${model}, arrivals: { process: poisson, rate_rps: 1 } }`;

const infer = (url: string, name: string, size: number) =>
  fetch(`${url}/v2/models/${name}/infer`, { method: 'POST', body: JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, size, size, 3], data: new Array(size * size * 3).fill(7) }] }) });

describe('corun serve', () => {
  it('serves a scenario on the fake backend, and a signal stops it after it answered what it accepted', async () => {
    const file = scenario('fake.yaml', whole(app('plants', 'resnet50')));
    const { url, stop } = await serving([file, '--backend', 'fake']);
    expect(await (await fetch(`${url}/v2/health/ready`)).json()).toEqual({ ready: true });
    const asked = [infer(url, 'plants', 8), infer(url, 'plants', 8)];
    for (let waiting = 0; waiting < 2; ) waiting = ((await (await fetch(`${url}/v1/status`)).json()) as { in_system: number }).in_system;
    const ended = stop('SIGTERM');
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining('corun: stopping') });
    await expect(infer(url, 'plants', 8)).rejects.toThrow();
  });

  it('serves a model of the zoo on wasm without a scenario', async () => {
    const { url, stop } = await serving(['--model', 'mobilenet_v1_025=2', '--input-size', '32', '--classes', '5']);
    const { outputs } = (await (await infer(url, 'mobilenet_v1_025', 32)).json()) as { outputs: { shape: number[]; data: number[] }[] };
    expect(outputs[0].shape).toEqual([1, 5]);
    expect(outputs[0].data.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    const { workers } = (await (await fetch(`${url}/v1/status`)).json()) as { workers: { state: string }[] };
    expect(workers.map(({ state }) => state)).toEqual(['idle', 'idle']);
    expect((await stop('SIGINT')).code).toBe(0);
  });

  it('says that a port is in use', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    try {
      expect(mistake(corun(['serve', scenario('port.yaml', whole(app('plants', 'resnet50'))), '-b', 'fake', '--port', String(port)]))).toBe(`corun: port ${port} on 127.0.0.1 is in use; choose another with --port, or --port 0 for a free one\n`);
    } finally {
      other.close();
    }
  });

  it.each([
    ['nothing to serve', [], 'serve needs a scenario file or a model'],
    ['an unknown backend', ['--model', 'resnet50', '-b', 'wsam'], 'no backend is called "wsam"; did you mean wasm?'],
    ['an unknown model', ['--model', 'resnt50'], 'no model is called "resnt50"; did you mean resnet50?'],
    ['an unknown policy', ['--model', 'mobilenet_v1_025', '--input-size', '32', '--policy', 'fcsf'], 'fcfs'],
    ['too small images', ['--model', 'inception_v3', '--input-size', '8'], 'inception_v3 needs images of at least'],
    ['a number of workers that is none', ['--model', 'resnet50=two'], 'write a name, or NAME=N'],
    ['a model twice', ['--model', 'resnet50', '--model', 'resnet50'], 'write --model resnet50=2'],
    ['a port that is none', ['--model', 'resnet50', '--port', '70000'], '--port 70000: a whole number from 0 to 65535 is needed'],
    ['a place for a model that is not served', ['--model', 'resnet50', '--source', 'plants=x/model.json'], 'no model that is served is called plants'],
    ['a model of one’s own that is not there', ['--model', 'plants', '--source', 'plants=nowhere/model.json'], 'nowhere/model.json: cannot be read (ENOENT)'],
    ['a token file that is not there', ['--model', 'resnet50', '--token-file', join(folder, 'none')], 'there is no such file'],
  ])('refuses %s', (_, args, words) => {
    expect(mistake(corun(['serve', ...args]))).toContain(words);
  });

  it.each([
    ['retraining on a real backend', whole(app('plants', 'resnet50'), 'retraining: { model: resnet50 }'), ['-b', 'wasm'], '--set retrain=never'],
    ['images of another number of classes', whole(app('plants', 'resnet50'), 'retraining: { model: resnet50, data: { generated: { count: 9, classes: 3 } } }'), ['-b', 'wasm', '--classes', '4'], 'resnet50 is to have 4 classes, and the images that it learns from have 3; leave out --classes'],
    ['two jobs for one model', whole(app('plants', 'resnet50'), 'retraining: [{ model: resnet50, data: { generated: { count: 9 } } }, { model: resnet50, data: { generated: { count: 9 } } }]'), ['-b', 'wasm'], 'the scenario retrains resnet50 in two jobs'],
    ['two kinds of images', whole(app('plants', 'resnet50'), 'retraining: { model: resnet50, data: { folder: a, generated: { count: 9 } } }'), ['-b', 'wasm'], 'retraining.data: exactly one of folder, idx, generated is needed, found folder and generated'],
    ['images that are not there', whole(app('plants', 'resnet50'), 'retraining: { model: resnet50, data: { folder: nowhere } }'), ['-b', 'wasm'], 'nowhere: there is no such folder'],
    ['a model that does not fit', whole(app('plants', 'mine')), ['-b', 'fake'], 'the placement is impossible: app plants needs 900 MiB'],
    ['a model that cannot be opened', whole(app('plants', 'mine')), ['-b', 'wasm'], '--source mine=PATH/model.json'],
    ['variants that take different images', whole('  - { app: plants, variants: [{ model: mobilenet_v1_025, accuracy: 0.5 }, { model: inception_v3, accuracy: 0.7 }], arrivals: { process: poisson, rate_rps: 1 } }'), ['-b', 'wasm'], 'mobilenet_v1_025 224 pixels and inception_v3 299; serve them at one size with --input-size 224'],
    ['an unknown alternative', whole(app('plants', 'resnet50'), 'alternatives: [{ name: first }, { name: second }]'), ['-a', 'secnd', '-b', 'fake'], 'no alternative "secnd"; did you mean second?'],
  ])('refuses %s', (name, text, args, words) => {
    expect(mistake(corun(['serve', scenario(`${name.replaceAll(' ', '-')}.yaml`, text), ...args, '--port', '0']))).toContain(words);
  });
});
