import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines } from '../../executor/engines.js';
import { Executor } from '../../executor/executor.js';
import { FakeProgramSchema, type FakeProgram } from '../../executor/engines/fake/program.js';
import type { ModelChoice, TensorFlowOptions } from '../../executor/engines/tensorflow/options.js';
import type { ExecutorOptions } from '../../executor/options.js';
import type { System } from '../../control/system.js';
import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { validate } from '../../input/validate.js';
import type { NamedProfile } from '../../profile/load.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { definitionsOf, hire, systemOf } from '../assemble.js';
import { refuseModels } from './models.js';
import { choicesFor, learningOrders, reallyLearning, weightsIn } from './retraining.js';

export interface Serving {
  /** A key of `engines`. */
  backend: string;
  /** By the scenario's name of a model; one that is not here is opened by its name. */
  models: Readonly<Record<string, ModelChoice>>;
  /** What every accelerator of the fake backend plays; its own profile of the alternative if left out. */
  played?: NamedProfile;
  /** Folder in which retraining keeps checkpoints and weights; without one they are lost with the server. */
  state?: string;
  options?: Pick<ExecutorOptions, 'report' | 'log' | 'witness' | 'cudaDevices' | 'sharePercent'>;
}

/**
 * An executor for an alternative of a scenario, not begun.
 *
 * @throws InputError if there is no such backend, or the alternative needs what serving does not do
 */
export async function openServing(alternative: ResolvedAlternative, { backend, models, played, state, options }: Serving): Promise<Executor> {
  refuseBackend(backend);
  const system = systemOf(alternative);
  refuseWhatIsNotServed(system);
  refuseDevices(system, options?.cudaDevices);
  const bundle = hire(alternative, system, await definitionsOf(alternative), alternative.scenario.seed, 0);
  const { retraining } = alternative.scenario;
  const common = { engine: backend, jobBatches: retraining.map(({ batch }) => batch), ...options };
  if (backend === 'fake') return new Executor(system, bundle, { ...common, engineOptions: programsOf(system.accelerators.map(({ profile }) => played ?? profile), options?.cudaDevices) });
  const choices = await choicesFor(retraining, models);
  refuseModels(system, choices);
  const learning = learningOrders(alternative, system, choices, state);
  const engineOptions: TensorFlowOptions = { models: choices };
  return new Executor(systemServed(alternative, backend), bundle, { ...common, engineOptions, learning, ...(state !== undefined && { weights: await weightsIn(state, system) }) });
}

/** What control is given when an alternative is served. */
export function systemServed(alternative: ResolvedAlternative, backend: string): System {
  const system = systemOf(alternative);
  return backend === 'fake' ? system : reallyLearning(system, alternative);
}

/** @throws InputError with the nearest name if there is no such backend */
export function refuseBackend(backend: string): void {
  const names = Object.keys(engines);
  if (!names.includes(backend)) throw new InputError(`no backend is called ${JSON.stringify(backend)}${didYouMean(backend, names)}\nAllowed: ${names.join(', ')}. See: corun backends`);
}

function refuseDevices({ accelerators }: System, devices: readonly (number | undefined)[] | undefined): void {
  if (devices === undefined || devices.length === accelerators.length) return;
  throw new InputError(`--devices names ${devices.length} accelerators, and ${accelerators.length === 1 ? 'one is' : `${accelerators.length} are`} served: ${accelerators.map(({ name }) => name).join(', ')}`);
}

function refuseWhatIsNotServed({ apps, sites }: System): void {
  const series = apps.find(({ stages }) => stages.length > 1);
  if (series !== undefined) throw new InputError(`app ${series.name} has ${series.stages.length} stages; serve answers apps with one`);
  if (sites.length > 1) throw new InputError(`the scenario has ${sites.length} sites (${sites.map(({ name }) => name).join(', ')}); serve runs one, the machine that it is started on`);
}

/** A fake accelerator for each profile, by the number that its processes get. */
function programsOf(profiles: readonly NamedProfile[], devices: readonly (number | undefined)[] | undefined): FakeProgram {
  const device = mkdtempSync(join(tmpdir(), 'corun-fake-'));
  process.once('exit', () => rmSync(device, { recursive: true, force: true }));
  const programs = profiles.map(programOf);
  return { ...programs[0], device, accelerators: Object.fromEntries(programs.map((program, i) => [devices?.[i] ?? i, program])) };
}

/** A fake accelerator that takes the times alone, the slowdown by neighbours and the memory that the profile says. */
function programOf(profile: NamedProfile): FakeProgram {
  const { value, issues } = validate(FakeProgramSchema, {
    ...(profile.accelerator?.memory_mib !== undefined && { memory_mib: profile.accelerator.memory_mib }),
    ...(profile.accelerator?.fixed_mib !== undefined && { fixed_mib: profile.accelerator.fixed_mib }),
    models: Object.fromEntries(Object.entries(profile.models).map(([name, { solo_ms, batches, load_ms, memory_mib }]) => [name, { solo_ms, ...(batches && { batches }), ...(load_ms !== undefined && { load_ms }), ...(memory_mib !== undefined && { memory_mib }) }])),
    training: Object.fromEntries(Object.entries(profile.training ?? {}).map(([name, { epoch_s, memory_mib }]) => [name, { epoch_ms: epoch_s * 1000, ...(memory_mib !== undefined && { memory_mib }) }])),
  });
  if (issues.length > 0) throw new InputError(`the profile ${profile.name} makes no fake accelerator: ${issues.map(({ path, sentence }) => `${path.join('.')}: ${sentence}`).join('; ')}`);
  return { ...(value as FakeProgram), ...(profile.contention !== undefined && { profile }) };
}
