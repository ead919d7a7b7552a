import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines } from '../../executor/engines.js';
import type { Edge, EdgeOptions } from '../../executor/repository/edge.js';
import { Executor } from '../../executor/executor.js';
import { FakeProgramSchema, type FakeProgram } from '../../executor/engines/fake/program.js';
import type { ModelChoice, TensorFlowOptions } from '../../executor/engines/tensorflow/options.js';
import type { SiteElsewhere } from '../../executor/elsewhere/site.js';
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
  /** Sites that other processes run, by number; without it there may be one site only. */
  elsewhere?: ReadonlyMap<number, SiteElsewhere>;
  /** For a scenario with a repository: where its models come from. */
  edge?: Edge;
  options?: Pick<ExecutorOptions, 'report' | 'log' | 'witness' | 'cudaDevices' | 'sharePercent'>;
}

/** Numbers of the sites that other processes run. */
type Elsewhere = Pick<ReadonlySet<number>, 'has'>;

/**
 * An executor for an alternative of a scenario, not begun.
 *
 * @throws InputError if there is no such backend, or the alternative needs what serving does not do
 */
export async function openServing(alternative: ResolvedAlternative, { backend, models, played, state, elsewhere, edge, options }: Serving): Promise<Executor> {
  refuseBackend(backend);
  const system = systemServed(alternative, backend, { elsewhere, beginning: edge?.beginning });
  refuseWhatIsNotServed(system);
  refuseRepository(system, edge);
  refuseDevices(system, options?.cudaDevices);
  const bundle = hire(alternative, system, await definitionsOf(alternative), alternative.scenario.seed, 0);
  const { retraining } = alternative.scenario;
  const common = { engine: backend, jobBatches: retraining.map(({ batch }) => batch), ...(elsewhere && { elsewhere }), ...(edge && { edge }), ...options };
  if (backend === 'fake') return new Executor(system, bundle, { ...common, engineOptions: programsOf(system.accelerators.map(({ profile }) => played ?? profile), options?.cudaDevices) });
  const choices = await choicesFor(retraining, models);
  refuseModels(system, choices);
  const learning = learningOrders(alternative, system, choices, state);
  const engineOptions: TensorFlowOptions = { models: choices };
  return new Executor(system, bundle, { ...common, engineOptions, learning, ...(state !== undefined && { weights: await weightsIn(state, system) }) });
}

/**
 * What control is given when an alternative is served.
 *
 * @param elsewhere sites that other processes run
 * @param beginning what its repository holds and its site has stored when it begins, instead of what the scenario assumes
 */
export function systemServed(alternative: ResolvedAlternative, backend: string, { elsewhere, beginning }: { elsewhere?: Elsewhere; beginning?: Edge['beginning'] } = {}): System {
  const assumed = withElsewhere(systemOf(alternative), elsewhere);
  const { capacityMiB } = assumed.repository ?? {};
  const system = beginning === undefined || capacityMiB === undefined ? assumed : { ...assumed, repository: { ...beginning, capacityMiB, stored: [beginning.stored] } };
  return backend === 'fake' ? system : reallyLearning(system, alternative);
}

/** A client retrains nothing and pulls nothing: the jobs are those of the sites that it asks, and its own models lie on it. */
function withElsewhere(system: System, elsewhere: Elsewhere | undefined): System {
  if (elsewhere === undefined) return system;
  const { repository: _, ...rest } = system;
  return { ...rest, jobs: [], sites: system.sites.map((site, i) => (elsewhere.has(i) ? { ...site, elsewhere: true } : site)) };
}

/** What an edge of an alternative is told. @throws InputError if the scenario has no repository, or more than one site */
export function edgeOf(alternative: ResolvedAlternative): Pick<EdgeOptions, 'models' | 'capacityMiB'> {
  const system = systemOf(alternative);
  refuseWhatIsNotServed(system);
  if (system.repository === undefined) throw new InputError('the scenario has no repository, so there is nothing to pull; say which models are pulled: repository: { models: [{ model: …, size_mib: … }] }, or leave out --repository');
  return { models: system.repository.models.map(({ name }) => name), capacityMiB: system.repository.capacityMiB[0] };
}

function refuseRepository({ repository, jobs }: System, edge: Edge | undefined): void {
  if (repository === undefined) return;
  if (edge === undefined) throw new InputError('the scenario has a repository of models; say where it is served and where they are kept: --repository URL --storage DIR (see corun repository --help)');
  const both = repository.models.find(({ name }) => jobs.some(({ model }) => model === name));
  if (both !== undefined) throw new InputError(`${both.name} is in the repository, and the scenario retrains it; what serves can come from one of them: take it out of the repository's models, or leave retraining out with --set retrain=never`);
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
  const here = sites.filter(({ elsewhere }) => elsewhere !== true).map(({ name }) => name);
  if (here.length > 1) throw new InputError(`the scenario has ${here.length} sites (${here.join(', ')}), and this machine is one of them: say which with --site, for example --site ${here[0]}`);
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
    models: Object.fromEntries(Object.entries(profile.models).map(([name, { solo_ms, batches, after_idle, load_ms, memory_mib }]) => [name, { solo_ms, ...(batches && { batches }), ...(after_idle && { after_idle }), ...(load_ms !== undefined && { load_ms }), ...(memory_mib !== undefined && { memory_mib }) }])),
    training: Object.fromEntries(Object.entries(profile.training ?? {}).map(([name, { epoch_s, step_ms, memory_mib }]) => [name, { epoch_ms: epoch_s * 1000, ...(step_ms !== undefined && { slice_ms: step_ms }), ...(memory_mib !== undefined && { memory_mib }) }])),
  });
  if (issues.length > 0) throw new InputError(`the profile ${profile.name} makes no fake accelerator: ${issues.map(({ path, sentence }) => `${path.join('.')}: ${sentence}`).join('; ')}`);
  return { ...(value as FakeProgram), ...(profile.contention !== undefined && { profile }) };
}
