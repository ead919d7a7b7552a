import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { type Outcome } from '../../../src/control/driver.js';
import wasm from '../../../src/executor/backends/wasm.js';
import type { Deployment } from '../../../src/executor/deployments.js';
import { type Executor } from '../../../src/executor/executor.js';
import type { Bundle } from '../../../src/control/control.js';
import type { ExecutorOptions } from '../../../src/executor/options.js';
import { definitionsOf, hire } from '../../../src/experiment/assemble.js';
import { openServing } from '../../../src/experiment/serving/open.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { resolveAlternatives } from '../../../src/scenario/resolve.js';
import { built } from '../../experiment/built.js';
import { CLASSES, images, SIDE, smallModel } from './small-model.js';

/** What an operator was told, in order. */
export interface Told {
  deployments: Deployment[];
  notices: string[];
  died: { why: string; againInMs: number }[];
  inPlace: { worker: number; version: number; refused: string | undefined }[];
}

export interface Learning {
  executor: Executor;
  told: Told;
  /** The model's own folder for checkpoints and weights. */
  folder: string;
  /** The same policies, fresh. */
  again: () => Bundle;
}

/** A new folder that lasts as long as the test's machine keeps temporary files. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'corun-serve-retrain-'));

/** The small model with seeded weights, as a user's own: the path of its model.json. */
export async function ownModel(folder: string): Promise<string> {
  const tf = await wasm.open();
  const model = smallModel(tf);
  let artifacts!: io.ModelArtifacts;
  await model.save({ save: (all) => ((artifacts = all), Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })) });
  const { modelTopology, weightSpecs, weightData } = artifacts;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }));
  model.dispose();
  return join(folder, 'model.json');
}

/**
 * An executor on wasm that serves the small model as `small`, and retrains it.
 *
 * @param data a folder, or options of generated images
 * @param more of the scenario
 */
export async function learningExecutor(state: string, source: string, data: object, fineTune: object = {}, copies = 1, more: object = {}, options: Pick<ExecutorOptions, 'log'> = {}): Promise<Learning> {
  built('executor/worker/main.js');
  const file = join(newFolder(), 'scenario.yaml');
  const scenario = {
    schema: 'corun/scenario@1',
    duration_s: 1,
    workload: [{ app: 'small', model: 'small', arrivals: { process: 'poisson', rate_rps: 1 } }],
    sites: [{ name: 'here', accelerators: [{ profile: { models: { small: { solo_ms: 1 } }, training: { small: { batch: 20, epoch_s: 1 } } } }] }],
    retraining: { model: 'small', data: 'folder' in data ? data : { generated: { classes: CLASSES, side: SIDE, ...data } }, fine_tune: { learning_rate: 0.02, seed: 5, ...fineTune } },
    dispatch: { policy: 'fcfs', k: copies },
    place: { policy: 'all-on-one', copies },
    supervision: { restart_after_s: 0.02 },
    ...more,
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(scenario));
  const [alternative] = await resolveAlternatives(await loadScenario(file, []));
  const told: Told = { deployments: [], notices: [], died: [], inPlace: [] };
  const executor = await openServing(alternative, {
    backend: 'wasm',
    models: { small: { source } },
    state,
    options: {
      ...options,
      report: {
        deployed: (deployment) => told.deployments.push(deployment),
        trainerSays: (_, sentence) => told.notices.push(sentence),
        trainerDied: (_, why, againInMs) => told.died.push({ why, againInMs }),
        weightsInPlace: (worker, version, _ms, refused) => told.inPlace.push({ worker, version, refused }),
      },
    },
  });
  const system = executor.control.system;
  const definitions = await definitionsOf(alternative);
  return { executor, told, folder: join(state, 'small'), again: () => hire(alternative, system, definitions, alternative.scenario.seed, 0) };
}

/** Waits until something is so. @throws if it is not within a minute */
export async function untilLearnt(isSo: () => boolean, what: string): Promise<void> {
  const sinceMs = performance.now();
  while (!isSo()) {
    if (performance.now() - sinceMs > 60_000) throw new Error(`a minute, and still not: ${what}`);
    await new Promise((later) => setTimeout(later, 10));
  }
}

/** Generated images for clients to send, with their labels. */
export async function labelled(given: Record<string, unknown>): Promise<{ image: Uint8Array; label: number }[]> {
  const loader = await images(given);
  const { images: all, labels } = await loader.load(Array.from({ length: loader.labels.length }, (_, i) => i));
  const floats = all.length / labels.length;
  return [...labels].map((label, i) => ({ image: new Uint8Array(all.slice(i * floats, (i + 1) * floats).buffer), label }));
}

/** Asks the executor about one image. */
export function classify(executor: Executor, image: Uint8Array): Promise<{ outcome: Outcome; scores: string; label: number }> {
  return new Promise((ended) =>
    executor.submit(0, image, Infinity, (outcome, answer) => {
      const scores = answer === undefined ? [] : [...new Float32Array(new Uint8Array(answer).buffer)];
      ended({ outcome, scores: scores.join(), label: scores.indexOf(Math.max(...scores)) });
    }),
  );
}

/** Share of the answers that are right. */
export async function servedAccuracy(executor: Executor, asked: readonly { image: Uint8Array; label: number }[]): Promise<number> {
  const answers = await Promise.all(asked.map(({ image }) => classify(executor, image)));
  return answers.filter(({ label }, i) => label === asked[i].label).length / asked.length;
}
