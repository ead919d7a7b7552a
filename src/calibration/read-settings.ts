import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines } from '../executor/engines.js';
import { FakeProgramSchema, type FakeProgram } from '../executor/engines/fake/program.js';
import type { TensorFlowOptions } from '../executor/engines/tensorflow/options.js';
import { readDocument } from '../input/document.js';
import { InputError } from '../input/error.js';
import { inputError } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import { validate } from '../input/validate.js';
import { zooModel } from '../models/zoo.js';
import { DEFAULT_LIMITS } from './noise.js';
import { trainingPhases, type TrainingPhase } from './plan/cell.js';
import { presets, type Preset, type PresetName } from './plan/presets.js';
import type { CalibrationSettings } from './settings.js';

/** What a user says on the command line; undefined leaves it to the preset. */
export interface CalibrationRequest {
  backend: string;
  models: readonly string[];
  training: readonly string[];
  preset: PresetName;
  program?: string;
  inputSize?: number;
  classes?: number;
  trainingData?: string;
  trainingImages?: number;
  maxJobs?: number;
  batches?: readonly number[];
  trainingBatches?: readonly number[];
  phases?: readonly TrainingPhase[];
  shares?: readonly number[];
  repeats?: number;
  cellS?: number;
  precision?: number;
  budgetS?: number;
  noiseLimit?: number;
  othersLimit?: number;
  acceptNoise: boolean;
  seed: string;
}

/** A thousand images are enough for an epoch of tens of steps. */
const DRAWN_IMAGES = 1000;

const looksLikePlace = (model: string): boolean => /[/\\]|\.json$/i.test(model);

/** Fills in the preset, and checks names and numbers. @throws InputError naming the option */
export async function settingsOf(request: CalibrationRequest): Promise<CalibrationSettings> {
  const { backend, preset, acceptNoise, seed, noiseLimit, training } = request;
  refuseBackend(backend);
  const program = backend === 'fake' ? await programIn(request.program) : undefined;
  if (program === undefined && request.program !== undefined) throw new InputError(`--program is for the fake backend; leave it out, or say --backend fake`);
  const models = request.models.length > 0 ? request.models : program === undefined ? [] : Object.keys(program.models);
  if (models.length === 0) throw new InputError('--models needs at least one model, for example: corun calibrate --backend wasm --models mobilenet_v3_small squeezenet1_0 --out out/calibration');
  refuseTwice(models, '--models');
  refuseTwice(training, '--training');
  if (request.trainingData !== undefined && request.trainingImages !== undefined) throw new InputError('--training-images says how many images are drawn; with --training-data none are: leave one of them out');
  for (const [option, value] of [['--training-data', request.trainingData], ['--training-images', request.trainingImages]] as const)
    if (value !== undefined && training.length === 0) throw new InputError(`${option} is for what is retrained: say which models with --training, or leave it out`);
  whole(request.trainingImages, '--training-images', 'trainingImages', 1_000_000);
  const { about: _about, ...filled }: Preset = presets[preset];
  const numbers: Partial<Preset> = {
    ...whole(request.maxJobs, '--max-jobs', 'maxJobs'),
    ...whole(request.repeats, '--repeats', 'repeats'),
    ...wholes(request.batches, '--batches', 'batches'),
    ...wholes(request.trainingBatches, '--training-batches', 'trainingBatches'),
    phases: training.length === 0 ? ['train'] : phasesOf(request.phases ?? filled.phases),
    ...(request.shares && { shares: request.shares.map((percent) => shareOf(percent)) }),
    ...above(belowOne(request.precision), '--precision', 'precision'),
    ...timesOf(request.cellS, filled),
    ...above(request.budgetS, '--budget-s', 'budgetS'),
  };
  if (request.phases !== undefined && training.length === 0) throw new InputError('--phases is for what is retrained: say which models with --training, or leave it out');
  const complete = { ...filled, ...numbers };
  if (program !== undefined) refuseUnknown(program, models, training);
  else for (const model of [...models, ...training]) refuseModel(model, request.inputSize);
  const choice = { ...(request.inputSize !== undefined && { input_size: request.inputSize }), ...(request.classes !== undefined && { classes: request.classes }) };
  const options: TensorFlowOptions = { models: Object.fromEntries([...new Set([...models, ...training])].map((model) => [model, choice])) };
  return {
    ...complete,
    mixJobs: Math.min(complete.mixJobs, complete.maxJobs),
    preset,
    backend,
    models,
    training,
    engineOptions: program ?? options,
    ...(program === undefined && training.length > 0 && { trainingImages: { count: request.trainingImages ?? DRAWN_IMAGES, ...(request.trainingData !== undefined && { folder: request.trainingData }) } }),
    seed,
    noiseLimits: noiseLimit === undefined ? DEFAULT_LIMITS : { spread: positive(noiseLimit, '--noise-limit'), drift: (noiseLimit * DEFAULT_LIMITS.drift) / DEFAULT_LIMITS.spread },
    ...othersLimitOf(request.othersLimit),
    acceptNoise,
  };
}

/** In their order, each once. @throws InputError without `train`: a profile states an evaluation beside its training */
function phasesOf(phases: readonly TrainingPhase[]): TrainingPhase[] {
  if (!phases.includes('train')) throw new InputError(`--phases ${phases.join(' ')}: train is needed too, since a profile states an evaluation with the training job that it belongs to: --phases train evaluate`);
  return trainingPhases.filter((phase) => phases.includes(phase));
}

function othersLimitOf(percent: number | undefined): { othersLimit?: number } {
  if (percent === undefined) return {};
  if (!(percent > 0 && percent < 100)) throw new InputError(`--others-limit ${percent}: percent of the processors above 0 and below 100 are needed`);
  return { othersLimit: percent / 100 };
}

/** A half width as large as the median itself says nothing. @throws InputError */
function belowOne(precision: number | undefined): number | undefined {
  if (precision !== undefined && precision >= 1) throw new InputError(`--precision ${precision}: a share of the median above 0 and below 1 is needed, for example 0.02 for 2 %`);
  return precision;
}

/** All times of a cell go with the longest. */
function timesOf(cellS: number | undefined, { warmUpMs, minMs, maxMs }: Omit<Preset, 'about'>): Partial<Preset> {
  if (cellS === undefined) return {};
  const factor = (1000 * positive(cellS, '--cell-s')) / maxMs;
  return { warmUpMs: Math.min(1, factor) * warmUpMs, minMs: factor * minMs, maxMs: 1000 * cellS };
}

function refuseBackend(backend: string): void {
  const names = Object.keys(engines);
  if (!names.includes(backend)) throw new InputError(`no backend is called ${JSON.stringify(backend)}${didYouMean(backend, names)}\nAllowed: ${names.join(', ')}. See: corun backends`);
}

async function programIn(file: string | undefined): Promise<FakeProgram> {
  if (file === undefined) throw new InputError('--backend fake needs --program FILE, which says what the fake accelerator does; see docs/calibrate.md');
  const document = await readDocument(file, 'program');
  const { value, issues } = validate(FakeProgramSchema, document.value);
  if (issues.length > 0) throw inputError({ issues, locate: document.locate });
  return { ...(value as FakeProgram), device: mkdtempSync(join(tmpdir(), 'corun-fake-')) };
}

function refuseUnknown(program: FakeProgram, models: readonly string[], training: readonly string[]): void {
  for (const [option, names, known] of [['--models', models, Object.keys(program.models)], ['--training', training, Object.keys(program.training)]] as const)
    for (const name of names) if (!known.includes(name)) throw new InputError(`${option} ${name}: the program has no such entry${didYouMean(name, known)} (known: ${known.join(', ') || 'none'})`);
}

/** A model of the zoo by its name; a place is looked at when it is opened. */
function refuseModel(model: string, inputSize: number | undefined): void {
  if (looksLikePlace(model)) return;
  const { smallestInput } = zooModel(model);
  if (inputSize !== undefined && inputSize < smallestInput) throw new InputError(`--input-size ${inputSize}: ${model} needs images of at least ${smallestInput} pixels`);
}

function refuseTwice(names: readonly string[], option: string): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`${option}: ${twice} is given twice; once is enough, co-runs of several are measured anyway`);
}

function positive(value: number, option: string): number {
  if (!(value > 0 && value < Infinity)) throw new InputError(`${option} ${value}: a number above 0 is needed`);
  return value;
}

const above = <K extends string>(value: number | undefined, option: string, name: K): Partial<Record<K, number>> => (value === undefined ? {} : ({ [name]: positive(value, option) } as Record<K, number>));

function whole<K extends string>(value: number | undefined, option: string, name: K, most = 1024): Partial<Record<K, number>> {
  if (value === undefined) return {};
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) throw new InputError(`${option} ${value}: a whole number from 1 to ${most} is needed`);
  return { [name]: value } as Record<K, number>;
}

function wholes<K extends string>(values: readonly number[] | undefined, option: string, name: K): Partial<Record<K, number[]>> {
  if (values === undefined) return {};
  for (const value of values) whole(value, option, name);
  return { [name]: [...new Set(values)].sort((a, b) => a - b) } as Record<K, number[]>;
}

function shareOf(percent: number): number {
  if (!(percent > 0 && percent < 100)) throw new InputError(`--load ${percent}: percent of capacity above 0 and below 100 are needed`);
  return percent / 100;
}
