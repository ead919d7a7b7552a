import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../input/error.js';
import { buildBinding, LIBRARIES, wantsOfNvidia, wantsOfTensorflow } from './binding.js';
import { lastLines, type RunCommand } from './command.js';
import { setupName, TENSORFLOW, TFJS_NODE } from './home.js';
import { withLock } from '../lock.js';
import { installPackages } from './packages.js';
import { pipDownload } from './pip.js';
import { placesIn, type Places } from './places.js';
import { downloadTime, gigabytes, preflight, SIZES } from './preflight.js';
import { isComplete, readRecord, STEPS, writeRecord, type Identity, type SetupRecord, type Step } from './record.js';
import { cudaRequirements, wheelName } from './requirements.js';
import { faultsOfTrial, type Trial } from './trial-result.js';
import { checksum, unpackWheel, wheelMetadata } from './unpack.js';
import { tensorflowPackage, wheelPlatforms, type Machine } from './wheel-tags.js';

export interface SetupOptions {
  /** As of `corunHome`; the setup gets a folder in it. */
  home: string;
  gpu: boolean;
  /** Of TensorFlow; `TENSORFLOW` unless told. */
  version?: string;
  /** The program that has pip. */
  python: string;
  /** Begin anew, whatever is there. */
  force?: boolean;
  /** Keep the downloaded wheels. */
  keepWheels?: boolean;
  machine: Machine;
  env: NodeJS.ProcessEnv;
  run: RunCommand;
  /** Is told what is being done, a sentence at a time. */
  tell: (sentence: string) => void;
  /** Is told what the called programs say. */
  onOutput?: (text: string) => void;
}

interface Built {
  places: Places;
  record: SetupRecord;
  system: 'linux' | 'darwin';
}

type Work = SetupOptions & Built;

/**
 * Builds tfjs-node against TensorFlow's Python wheel, in steps that are recorded: after an interruption it goes on where it
 * stopped, and where everything is done nothing is.
 *
 * @returns the record of what was set up
 * @throws InputError with what is missing or failed; UnreachableError where a registry did not answer
 */
export async function setupTensorflow(options: SetupOptions): Promise<SetupRecord> {
  const { home, gpu, version = TENSORFLOW, machine, tell } = options;
  if (!/^\d+\.\d+\.\d+\S*$/.test(version)) throw new InputError(`--version ${version}: a version of TensorFlow is needed, for example ${TENSORFLOW}`);
  const identity: Identity = { gpu, tensorflow: version, tfjs_node: TFJS_NODE, platform: `${machine.platform}-${machine.arch}` };
  tensorflowPackage(gpu, machine);
  wheelPlatforms(machine);
  const places = placesIn(join(home, setupName(gpu)));

  const known = options.force ? undefined : await readRecord(places.record);
  const same = known !== undefined && Object.entries(identity).every(([field, value]) => known[field as keyof Identity] === value) ? known : undefined;
  const system = machine.platform as 'linux' | 'darwin';
  // What a step made may be gone; from there on everything is done again.
  if (same !== undefined) for (const step of STEPS) if (same.done.includes(step) && !(await isThere[step]({ places, record: same, system }))) same.done = same.done.slice(0, same.done.indexOf(step));
  if (same !== undefined && isComplete(same)) return same;

  const sizes = SIZES[gpu ? 'gpu' : 'cpu'];
  tell(`TensorFlow ${version} for ${gpu ? 'GPU' : 'CPU'} into ${places.root}`);
  tell(`downloads about ${gigabytes(sizes.download)} (${downloadTime(sizes.download)} at 100 Mbit/s); takes up to ${gigabytes(sizes.peak)} of disk, ${gigabytes(sizes.kept)} in the end; then compiles for about a minute`);
  await preflight(options.run, { root: places.root, python: options.python, gpu, platform: machine.platform, env: options.env });

  return withLock(join(places.root, 'setup.lock'), 'setting up', async () => {
    if (same === undefined) for (const path of [places.record, places.wheels, places.site, places.build]) await rm(path, { recursive: true, force: true });
    const record: SetupRecord = same ?? { schema: 'corun/tensorflow-setup@1', ...identity, done: [], wheels: [], changes: [] };
    const work: Work = { ...options, places, record, system };
    for (const [i, step] of STEPS.entries()) {
      const count = `${i + 1}/${STEPS.length} ${step}`;
      if (record.done.includes(step)) {
        tell(`${count}: done before`);
        continue;
      }
      const startedMs = performance.now();
      const result = await perform[step](work);
      record.done = [...STEPS.slice(0, i), step];
      await writeRecord(places.record, record);
      tell(`${count}: ${result} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
    }
    if (!options.keepWheels) await rm(places.wheels, { recursive: true, force: true });
    return record;
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether what a step made is still there, or of no more use. */
const isThere: Readonly<Record<Step, (built: Built) => Promise<boolean>>> = {
  download: async (built) => (built.record.done.includes('unpack') && (await isThere.unpack(built))) || (await wheelsAreThere(built)),
  unpack: async ({ places, system }) => (await Promise.all(LIBRARIES[system].map((file) => exists(join(places.site, 'tensorflow', file))))).every(Boolean),
  packages: ({ places }) => exists(join(places.tfjsNode, 'package.json')),
  build: ({ places }) => exists(places.binding),
  trial: async ({ record }) => record.trial !== undefined,
};

const wheelsAreThere = async ({ places, record }: Built): Promise<boolean> => (await Promise.all(record.wheels.map(({ file }) => exists(join(places.wheels, file))))).every(Boolean);

/** The steps; each says what came of it. */
const perform: Readonly<Record<Step, (work: Work) => Promise<string>>> = {
  async download({ run, python, gpu, machine, places, record, onOutput }) {
    const name = tensorflowPackage(gpu, machine);
    const platforms = wheelPlatforms(machine);
    await pipDownload(run, python, [`${name}==${record.tensorflow}`], platforms, places.wheels, onOutput);
    if (gpu) {
      const wheel = await wheelOf(places, name);
      await pipDownload(run, python, cudaRequirements(await wheelMetadata(wheel), wheel), platforms, places.wheels, onOutput);
    }
    record.wheels = [];
    for (const file of (await readdir(places.wheels)).filter((entry) => entry.endsWith('.whl')).sort()) record.wheels.push(await checksum(join(places.wheels, file)));
    return `${record.wheels.length} ${record.wheels.length === 1 ? 'wheel' : 'wheels'}, ${gigabytes(record.wheels.reduce((sum, { bytes }) => sum + bytes, 0))}, checksums in setup.json`;
  },

  async unpack({ places, record, system }) {
    const unfinished = `${places.site}.new`;
    await rm(unfinished, { recursive: true, force: true });
    let count = 0;
    for (const { file } of record.wheels) {
      const isNvidia = wheelName(file)?.name.startsWith('nvidia-') === true;
      const taken = await unpackWheel(join(places.wheels, file), unfinished, isNvidia ? wantsOfNvidia : wantsOfTensorflow);
      const missing = isNvidia ? [] : LIBRARIES[system].filter((library) => !taken.includes(`tensorflow/${library}`));
      if (missing.length > 0) throw new InputError(`setup tensorflow: ${file} has no ${missing.join(' and no ')}; take --version 2.16.1 or later`);
      count += taken.length;
    }
    await rm(places.site, { recursive: true, force: true });
    await rename(unfinished, places.site);
    return `${count} libraries and headers`;
  },

  async packages({ run, places, onOutput }) {
    await installPackages(run, places, onOutput);
    return `@tensorflow/tfjs-node ${TFJS_NODE}, without its scripts`;
  },

  async build({ run, python, places, record, system, onOutput }) {
    await buildBinding(run, python, places, system, onOutput);
    record.changes = ['binding.gyp was replaced: it links libtensorflow_cc and libtensorflow_framework of the wheel and is compiled as C++17', 'no source of the binding was changed'];
    return 'the binding, with paths to its libraries';
  },

  async trial({ run, env, gpu, places, record, tell }) {
    record.trial = await tryOut(run, env, places);
    const faults = faultsOfTrial(record.trial);
    if (faults.length > 0) throw new InputError(`setup tensorflow: it was built and loads, but ${faults.join('; ')}. Do not use it; try another --version.`);
    if (gpu && !record.trial.gpu) tell('NO GPU WAS FOUND: TensorFlow will compute on the CPU. Does nvidia-smi show a GPU, and is its driver 525 or later? In a container, was it started with --gpus all?');
    return `TensorFlow ${record.trial.tensorflow} on ${record.trial.gpu ? 'GPU' : 'CPU'} agrees with the backend cpu, and learns`;
  },
};

async function wheelOf({ wheels }: Places, name: string): Promise<string> {
  const file = (await readdir(wheels)).find((entry) => wheelName(entry)?.name === name);
  if (file === undefined) throw new InputError(`setup tensorflow: pip put no wheel of ${name} into ${wheels}`);
  return join(wheels, file);
}

/** Loads and uses what was built, in a process of its own and without any LD_LIBRARY_PATH. */
export async function tryOut(run: RunCommand, env: NodeJS.ProcessEnv, places: Places): Promise<Trial> {
  const { LD_LIBRARY_PATH: _, ...rest } = env;
  const program = fileURLToPath(new URL('trial.js', import.meta.url));
  const { status, stdout, stderr } = await run(process.execPath, [program, places.tfjsNode], { env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...rest } });
  const answer = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (status !== 0 || !answer.startsWith('{')) throw new InputError(`setup tensorflow: it was built, but does not run:\n${lastLines(stderr, 8)}`);
  return JSON.parse(answer) as Trial;
}
