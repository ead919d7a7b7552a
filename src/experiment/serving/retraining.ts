import { join } from 'node:path';
import type { System } from '../../control/system.js';
import type { LearningOrder } from '../../executor/engines/engine.js';
import type { ModelChoice } from '../../executor/engines/tensorflow/options.js';
import { openImages } from '../../executor/images/datasets.js';
import { readDeployed } from '../../executor/retraining/checkpoints.js';
import { InputError } from '../../input/error.js';
import { zoo } from '../../models/zoo.js';
import { DEFAULT_SLICE_MS } from '../../scenario/fine-tuning.js';
import type { ResolvedAlternative, Retraining } from '../../scenario/scenario.js';
import type { TrainingImages } from '../../scenario/training-images.js';

const DEFAULT_HELD_OUT = 0.2;
/** As in a scenario's `learning`. */
const DEFAULT_LABEL_WINDOW = 200;

type Choices = Record<string, ModelChoice>;

/** The folder in which a model's checkpoints and newest weights are kept. */
export const folderOf = (state: string, model: string): string => join(state, encodeURIComponent(model));

/**
 * What is known of models from the images that they learn from: the classes, and their names, and the size, where a model of the zoo
 * leaves them open and nobody has said otherwise.
 *
 * @throws InputError if images cannot be opened
 */
export async function choicesFor(retraining: readonly Retraining[], models: Readonly<Choices>): Promise<Choices> {
  const choices = { ...models };
  for (const { model, data } of retraining) {
    if (data === undefined) continue;
    const choice = choices[model] ?? {};
    const { classes, width } = await openImages(imagesOf(model, data, choice), `the data of retraining ${model}`);
    const isZoo = Object.hasOwn(zoo, choice.source ?? model);
    if (choice.classes !== undefined && choice.classes !== classes.length)
      throw new InputError(`${model} is to have ${choice.classes} classes, and the images that it learns from have ${classes.length}; leave out --classes, or name other images`);
    choices[model] = { ...(isZoo && { input_size: width, classes: classes.length }), labels: [...classes], ...choice };
  }
  return choices;
}

/**
 * What the retraining jobs of an alternative are told so that they really learn.
 *
 * @param models as `choicesFor` completed them
 * @param state folder for checkpoints and weights; without one they are kept in memory only
 * @throws InputError if it is not said what a job learns from
 */
export function learningOrders({ scenario }: ResolvedAlternative, { jobs }: System, models: Readonly<Choices>, state: string | undefined): LearningOrder[] {
  return jobs.map(({ model }, job) => {
    if (scenario.retraining[job].learning?.configurations !== undefined)
      throw new InputError(`retraining ${model} has learning.configurations, between which a policy chooses at each start; a job that is trained for real has one way only, told by fine_tune: take them out of the scenario to serve it`);
    const { data, fine_tune: { held_out_share: heldOutShare = DEFAULT_HELD_OUT, slice_ms: sliceMs = DEFAULT_SLICE_MS, deploy_every_epochs: _, ...options } = {} } = scenario.retraining[job];
    if (data === undefined)
      throw new InputError(`the scenario retrains ${model}, and does not say with which images; add them to its retraining, for example data: { folder: photos } with a folder per class (docs/retraining.md has other kinds), or leave retraining out with --set retrain=never`);
    if (jobs.findIndex((other) => other.model === model) < job) throw new InputError(`the scenario retrains ${model} in two jobs; for real, one job at a time may deploy to a model`);
    return { images: imagesOf(model, data, models[model] ?? {}), heldOutShare, options, sliceMs, ...(state !== undefined && { folder: folderOf(state, model) }) };
  });
}

/** The system, with jobs that deploy as they really do; drift and learning that a simulation assumes are not there. */
export function reallyLearning(system: System, { scenario }: ResolvedAlternative): System {
  const { learning: _, ...rest } = system;
  return {
    ...rest,
    jobs: system.jobs.map((job, i) => {
      const { fine_tune, learning } = scenario.retraining[i];
      return { ...job, epochsPerDeploy: fine_tune?.deploy_every_epochs ?? learning?.epochs_per_deploy ?? 1, labelWindow: learning?.label_window ?? DEFAULT_LABEL_WINDOW };
    }),
  };
}

/** The newest weights that were deployed from a folder, of the models that are served. @throws InputError if they are damaged */
export async function weightsIn(state: string, { apps }: System): Promise<Map<string, Uint8Array>> {
  const weights = new Map<string, Uint8Array>();
  const models = apps.flatMap(({ stages }) => stages.flatMap(({ model, variants }) => [model, ...(variants ?? []).map((variant) => variant.model)]));
  for (const model of new Set(models)) {
    const deployed = await readDeployed(folderOf(state, model));
    if (deployed !== undefined) weights.set(model, deployed);
  }
  return weights;
}

/** As `openImages` takes them. A folder's images are brought to the size that the model takes, where that is known. */
function imagesOf(model: string, { folder, idx, generated }: TrainingImages, { source = model, input_size }: ModelChoice): Record<string, unknown> {
  if (generated !== undefined) return { kind: 'generated', ...generated };
  if (idx !== undefined) return { kind: 'idx', ...idx };
  const side = input_size ?? (Object.hasOwn(zoo, source) ? zoo[source].inputSize : undefined);
  return { kind: 'folder', path: folder, ...(side !== undefined && { width: side, height: side }) };
}
