import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { Outcome, RunCommand } from '../../../src/executor/tensorflow/command.js';
import { findTensorflow } from '../../../src/executor/tensorflow/find.js';
import { listSetups } from '../../../src/executor/tensorflow/list.js';
import { setupTensorflow, type SetupOptions } from '../../../src/executor/tensorflow/setup.js';
import type { Trial } from '../../../src/executor/tensorflow/trial-result.js';

const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const WORKS: Trial = { node: 'v20', tensorflow: '2.21.0', gpu: true, difference: { conv2d: 0, gradient: 0, training: 0 }, loss: [2, 1], loadMs: 1 };

/** Writes a wheel. */
async function wheel(folder: string, file: string, entries: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(join(folder, file)));
}

let home: string;
let calls: string[];
let told: string[];
/** What the programs do where a test wants something else than success. */
let faults: Partial<Record<'pip' | 'npm' | 'gyp' | 'trial', Partial<Outcome>>>;
let entries: Record<string, string>;
let trial: Trial;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'corun setup '));
  [calls, told, faults, trial] = [[], [], {}, WORKS];
  entries = {
    ...Object.fromEntries(LIBRARIES.map((path) => [path, path])),
    'tensorflow/include/tensorflow/c/c_api.h': '',
    'tensorflow/python/large.so': 'not wanted',
    'tensorflow-2.21.0.dist-info/METADATA': 'Name: tensorflow\nRequires-Dist: nvidia-cudnn-cu12>=9; extra == "and-cuda"\n',
  };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Stands in for python3, npm, node-gyp and the trial: does what they would leave behind. */
const run: RunCommand = async (program, args, options) => {
  const done: Outcome = { status: 0, stdout: '', stderr: '', absent: false };
  const folder = options?.cwd ?? '';
  const fail = (name: keyof typeof faults): Outcome | undefined => {
    calls.push(name);
    return faults[name] && { ...done, status: 1, ...faults[name] };
  };
  if (args.includes('download')) {
    const into = args[args.indexOf('--dest') + 1];
    const failed = fail('pip');
    if (failed !== undefined) return failed;
    if (args.some((arg) => arg.startsWith('nvidia-'))) await wheel(into, 'nvidia_cudnn_cu12-9.3-py3-none-manylinux_2_27_x86_64.whl', { 'nvidia/cudnn/lib/libcudnn.so.9': 'cudnn', 'nvidia/cudnn/include/cudnn.h': '' });
    else await wheel(into, `${args.at(-1)!.split('==')[0].replace('-', '_')}-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl`, entries);
    return done;
  }
  if (program === 'npm' && args[0] === 'install') {
    const failed = fail('npm');
    if (failed !== undefined) return failed;
    for (const path of ['@tensorflow/tfjs-node/binding', 'node-api-headers/include', 'node-gyp/bin']) mkdirSync(join(folder, 'node_modules', path), { recursive: true });
    writeFileSync(join(folder, 'node_modules/@tensorflow/tfjs-node/package.json'), '{}');
    return done;
  }
  if (args[1] === 'rebuild') {
    const failed = fail('gyp');
    if (failed !== undefined) return failed;
    mkdirSync(join(folder, 'build/Release'), { recursive: true });
    writeFileSync(join(folder, 'build/Release/tfjs_binding.node'), 'binding');
    return done;
  }
  if (args[0]?.endsWith('trial.js')) {
    expect(options?.env).not.toHaveProperty('LD_LIBRARY_PATH');
    return fail('trial') ?? { ...done, stdout: `a banner\n${JSON.stringify(trial)}\n` };
  }
  return done; // --version of some tool
};

const setup = (more: Partial<SetupOptions> = {}) => {
  calls = [];
  told = [];
  return setupTensorflow({ home, gpu: false, python: 'python3', machine: { platform: 'linux', arch: 'x64', glibc: '2.36' }, env: { LD_LIBRARY_PATH: '/somewhere' }, run, tell: (sentence) => told.push(sentence), ...more });
};
const inside = (...path: string[]) => join(home, 'tensorflow-cpu', ...path);
const surroundings = () => ({ env: { CORUN_HOME: home }, homeDir: '/', platform: 'linux' as const });

describe('setupTensorflow', () => {
  it('takes the libraries and headers and nothing else, records checksums, and leaves no wheel', async () => {
    const record = await setup();
    expect(readFileSync(inside('site', LIBRARIES[0]), 'utf8')).toBe(LIBRARIES[0]);
    expect(existsSync(inside('site/tensorflow/include/tensorflow/c/c_api.h'))).toBe(true);
    expect(existsSync(inside('site/tensorflow/python'))).toBe(false);
    expect(existsSync(inside('wheels'))).toBe(false);
    expect(readFileSync(inside('node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'), 'utf8')).toBe('binding');
    expect(record.wheels).toEqual([{ file: expect.stringContaining('tensorflow_cpu-2.21.0'), bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(await findTensorflow(surroundings(), false)).toEqual({ directory: inside('node_modules/@tensorflow/tfjs-node'), record });
    expect(await findTensorflow(surroundings(), true)).toBeUndefined();
  });

  it('says what it will take before it takes anything', async () => {
    faults.pip = { stderr: 'No space left on device' };
    await expect(setup()).rejects.toThrow('disk is full');
    expect(told.join('\n')).toMatch(/downloads about 0\.34 GB \(28 s at 100 Mbit\/s\); takes up to 1\.5 GB/);
  });

  it('does nothing a second time', async () => {
    await setup();
    await setup();
    expect(calls).toEqual([]);
  });

  it('goes on where it stopped, and is not found before it is finished', async () => {
    faults.gyp = { stderr: 'c_api.h:1: error: expected ;\ngyp ERR! stack Error' };
    await expect(setup()).rejects.toThrow(/could not be built.*\n {2}\| c_api\.h:1: error: expected ;$/);
    expect(await findTensorflow(surroundings(), false)).toBeUndefined();
    expect(await listSetups(home)).toMatchObject([{ name: 'tensorflow-cpu', state: 'begun, build is next' }]);
    faults = {};
    await setup();
    expect(calls).toEqual(['gyp', 'trial']);
  });

  it.each([
    ['the binding', 'node_modules/@tensorflow/tfjs-node/lib', ['gyp', 'trial']],
    ['the packages', 'node_modules', ['npm', 'gyp', 'trial']],
    ['a library', 'site/tensorflow/libtensorflow_cc.so.2', ['pip', 'npm', 'gyp', 'trial']],
    ['the record', 'setup.json', ['pip', 'npm', 'gyp', 'trial']],
  ])('mends what was lost: %s', async (_, path, again) => {
    await setup();
    rmSync(inside(path), { recursive: true });
    await setup();
    expect(calls).toEqual(again);
  });

  it('begins anew for another version, and with force', async () => {
    await setup();
    await setup({ version: '2.20.0' });
    expect(calls).toEqual(['pip', 'npm', 'gyp', 'trial']);
    await setup({ version: '2.20.0', force: true });
    expect(calls).toEqual(['pip', 'npm', 'gyp', 'trial']);
  });

  it('adds the CUDA libraries that TensorFlow names, and links with paths to them', async () => {
    const record = await setup({ gpu: true });
    expect(calls).toEqual(['pip', 'pip', 'npm', 'gyp', 'trial']);
    expect(record.wheels.map(({ file }) => file.split('-')[0])).toEqual(['nvidia_cudnn_cu12', 'tensorflow']);
    const gyp = readFileSync(join(home, 'tensorflow-gpu/build/binding.gyp'), 'utf8');
    expect(JSON.parse(gyp).targets[0].ldflags).toEqual(["-Wl,-rpath,'$$ORIGIN/../../../../../site/tensorflow'", "-Wl,-rpath,'$$ORIGIN/../../../../../site/nvidia/cudnn/lib'"]);
    expect(existsSync(join(home, 'tensorflow-gpu/site/nvidia/cudnn/include'))).toBe(false);
  });

  it('says loudly that a build for the GPU found none', async () => {
    trial = { ...WORKS, gpu: false };
    await setup({ gpu: true });
    expect(told.join('\n')).toContain('NO GPU WAS FOUND');
  });

  it.each([
    [{ ...WORKS, difference: { conv2d: 0, gradient: 0.5, training: 0 } }, /gradient differs from the backend cpu by 0\.5/],
    [{ ...WORKS, difference: { conv2d: null as never, gradient: 0, training: 0 } }, /conv2d differs/], // NaN, as JSON has it
    [{ ...WORKS, loss: [1, 1] as [number, number] }, /did not lower the loss/],
  ])('does not hand out what computes wrongly', async (wrong, message) => {
    trial = wrong;
    await expect(setup()).rejects.toThrow(message);
    expect(await findTensorflow(surroundings(), false)).toBeUndefined();
  });

  it('refuses a wheel without the libraries, a damaged one, and a version that is none', async () => {
    delete entries[LIBRARIES[0]];
    await expect(setup()).rejects.toThrow('has no libtensorflow_cc.so.2; take --version 2.16.1 or later');
    writeFileSync(inside('wheels', 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl'), 'PK');
    await expect(setup()).rejects.toThrow(/Delete the file and run the command again/);
    await expect(setup({ version: 'latest' })).rejects.toThrow('--version latest: a version of TensorFlow is needed, for example 2.21.0');
  });

  it('tells of all missing tools at once, before anything is downloaded', async () => {
    const absent: RunCommand = async () => ({ status: -1, stdout: '', stderr: '', absent: true });
    await expect(setup({ run: absent })).rejects.toThrow(/python3 is not here[^]*python3-pip[^]*c\+\+ is not here[^]*build-essential[^]*make is not here[^]*npm is not here/);
  });

  it('does not work in a folder in which another process does, and takes over from a dead one', async () => {
    mkdirSync(inside(), { recursive: true });
    writeFileSync(inside('setup.lock'), String(process.ppid));
    await expect(setup()).rejects.toThrow(`process ${process.ppid} is setting up in this folder`);
    writeFileSync(inside('setup.lock'), '999999999');
    await setup();
    expect(existsSync(inside('setup.lock'))).toBe(false);
  });
});
