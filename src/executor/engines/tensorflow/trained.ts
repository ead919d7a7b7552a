import { InputError } from '../../../input/error.js';
import type { TensorFlow } from '../../backends/contract.js';
import { openModel } from '../../models/open.js';
import { Checkpoints } from '../../retraining/checkpoints.js';
import { RetrainingJob, type Resumed } from '../../retraining/job.js';
import type { Loader } from '../../retraining/loader.js';
import { openLoaderThread } from '../../retraining/open-loader-thread.js';
import { parted } from '../../retraining/part.js';
import type { JobState } from '../../retraining/state.js';
import type { Progress, Slice, Trainee, TrainingOrder } from '../engine.js';
import { buildOptionsOf, type ModelChoice } from './options.js';

/**
 * A retraining job on a backend of TensorFlow.js, which goes on from its last checkpoint.
 *
 * @param inUse weights that serve at present, where they are others than those that the model is opened with
 * @throws InputError if the model cannot be trained, or model, images and checkpoints do not fit
 */
export async function trained(tensorflow: TensorFlow, { model: name, batch, learning }: TrainingOrder, choice: ModelChoice, inUse?: Uint8Array): Promise<Trainee> {
  if (learning === undefined) throw new InputError(`retraining of ${name}: nothing is said of the images to learn from`);
  const { images: given, heldOutShare, options, sliceMs, folder } = learning;
  const { trainable } = await openModel(tensorflow, choice.source ?? name, buildOptionsOf(choice));
  if (trainable === undefined) throw new InputError(`${name}: only layers models can be trained, and ${choice.source} is a graph model or a SavedModel; serve it with retrain: never, or export it with model.save()`);
  const split = (loader: Loader): { images: Loader; heldOut: Loader } => parted(loader, heldOutShare, options.seed ?? 1);
  let loader = await openLoaderThread(given);
  const checkpoints = folder === undefined ? undefined : await Checkpoints.open<JobState>(folder);
  const job = await RetrainingJob.open(tensorflow, trainable, { ...split(loader), options: { ...options, batch }, ...(checkpoints && { checkpoints }), ...(inUse && { inUse }) });
  /** Of the present epoch, in this process. */
  let [waitedMs, stepMs] = [0, 0];
  /** Of the held-out images, the next one to be asked about. */
  let firstHeldOut = 0;

  /** Looks whether images have come or gone. @returns what an operator should know */
  const lookAgain = async (): Promise<string[]> => {
    let again: Loader | undefined;
    try {
      again = await openLoaderThread(given);
      if (areSame(again, loader)) {
        await again.close();
        return [];
      }
      const { images, heldOut } = split(again);
      await job.learnFrom(images, heldOut);
      loader = again;
      return [`from epoch ${job.position.epoch} on it learns from ${images.labels.length} images, and ${heldOut.labels.length} are held out`];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      await again?.close();
      return [`it goes on with the images that it has: ${error.message}`];
    }
  };

  return {
    notices: noticesOf(job.resumed),
    async slice(): Promise<Slice> {
      const sinceMs = performance.now();
      const notices: string[] = [];
      for (let steps = 1; ; steps++) {
        if (job.position.step === 0) [waitedMs, stepMs] = [0, 0];
        const step = await job.step();
        waitedMs += step.waitedMs;
        stepMs += step.stepMs;
        if (step.checkpoint?.failed !== undefined) notices.push(step.checkpoint.failed);
        const epochEnded = step.epochEnded !== undefined;
        if (!epochEnded && performance.now() - sinceMs < sliceMs) continue;
        if (epochEnded && canGrow(given)) notices.push(...(await lookAgain()));
        const progress: Progress = { epoch: job.position.epoch, fraction: job.position.step / step.steps, loss: step.loss, loaderBoundShare: waitedMs / (waitedMs + stepMs) };
        const whole = steps === 1 && step.images === batch && !(epochEnded && canGrow(given));
        return { epochEnded, whole, progress, notices };
      }
    },
    async evaluate(): Promise<Slice> {
      const { images, next } = await job.testPart(firstHeldOut);
      firstHeldOut = next;
      return { epochEnded: next === 0, whole: images === batch };
    },
    async deploy() {
      const { decision, weights, notStored } = await job.propose();
      const { deploy, accuracyBefore, accuracyAfter, images: asked, gainCi95, reason } = decision;
      return { better: deploy, comparison: { accuracyBefore, accuracyAfter, images: asked, gainCi95, reason }, ...(weights && { weights }), notices: notStored === undefined ? [] : [notStored] };
    },
  };
}

/** The files of a folder are looked at again after each epoch; drawing from a seed gives the same, and an IDX file is read whole. */
const canGrow = ({ kind }: Readonly<Record<string, unknown>>): boolean => kind === 'folder';

const areSame = (one: Loader, other: Loader): boolean => one.classes.join('\n') === other.classes.join('\n') && one.names?.join('\n') === other.names?.join('\n');

/** Of how a job began, what is not as usual. */
function noticesOf({ path, epoch, step, passedOver, changed }: Resumed): string[] {
  return [
    ...passedOver.map((one) => `${one.path} is passed over: ${one.reason}`),
    ...(path === undefined ? [] : [`it goes on from ${path}, at step ${step} of epoch ${epoch}${changed === undefined ? '' : `; ${changed}`}`]),
  ];
}
