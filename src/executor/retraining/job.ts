import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../input/error.js';
import type { TensorFlow } from '../backends/contract.js';
import { type Checkpoints, type PassedOver, type Saved } from './checkpoints.js';
import { decide, type DeployDecision } from './decision.js';
import { fineTune, type FineTuning } from './fine-tuning.js';
import { testBatch, testHeldOut, type HeldOutResult } from './held-out.js';
import { Batches, type Loader } from './loader.js';
import { optimizers, readOptimizer, restoreOptimizer } from './optimizers.js';
import { completed, type CompletedOptions, type RetrainingOptions } from './options.js';
import { EpochTotals, type EpochReport } from './epoch.js';
import { identityOf, type JobState } from './state.js';
import type { Position } from './shuffle.js';
import { checkFit, outputOf, toTensors, trainStep, type Output } from './step.js';
import { decodeTensors, encodeTensors } from './tensor-file.js';
import { readWeights, weightsInOrder, writeWeights } from './weights.js';

/** What a step did. */
export interface StepReport extends Position {
  /** Steps of the epoch. */
  steps: number;
  images: number;
  /** Mean cross-entropy of the batch, before the step. */
  loss: number;
  /** Share of the batch that the model was right about, before the step. */
  accuracy: number;
  /** Time of reading and decoding the batch; it may overlap with the step before. */
  loaderMs: number;
  /** What of it the step had to wait for. */
  waitedMs: number;
  /** From handing the batch to the accelerator until the loss is read back. */
  stepMs: number;
  /** Present with the last step of an epoch. */
  epochEnded?: EpochReport;
  /** Present if a checkpoint was due. */
  checkpoint?: Saved;
}

/** What a job learns from, and where it keeps what it has learnt. */
export interface JobOrder {
  images: Loader;
  /** Recent images that are not trained with. */
  heldOut: Loader;
  options?: RetrainingOptions;
  checkpoints?: Checkpoints<JobState>;
  /** Weights in use, as `weightsToBytes` writes them, where whoever serves knows better than the model and the folder. */
  inUse?: Uint8Array;
}

/** How a job began. */
export interface Resumed extends Partial<Position> {
  /** The checkpoint that it goes on from; undefined if it began anew. */
  path?: string;
  passedOver: PassedOver[];
  /** Present if the job is not what it was, and goes on from the weights alone. */
  changed?: string;
}

/**
 * A retraining job: a model that learns step by step, in seeded order. Between two steps nothing of it is under way but the loading of
 * the next batch, so not to ask for a step is to pause. It goes on after `kill -9` from its last checkpoint to the same weights, bit
 * for bit where the backend computes the same way twice; wasm and cpu do.
 */
export class RetrainingJob {
  resumed: Resumed = { passedOver: [] };
  /** Steps of `position.epoch` that are done. */
  position: Position = { epoch: 0, step: 0 };
  private readonly tensorflow: TensorFlow;
  private readonly model: LayersModel;
  private order: JobOrder;
  private readonly options: CompletedOptions;
  private batches: Batches;
  private readonly tuning: FineTuning;
  private readonly optimizer: Optimizer;
  private identity: string;
  private readonly kind: Output;
  private totals = new EpochTotals();
  /** Weights in use, as `weightsToBytes` writes them. */
  private deployed!: Uint8Array;

  private constructor(tensorflow: TensorFlow, model: LayersModel, order: JobOrder, kind: Output) {
    this.options = completed(order.options);
    const { batch, optimizer, learning_rate, seed, last_layers } = this.options;
    this.tensorflow = tensorflow;
    this.model = model;
    this.order = order;
    this.kind = kind;
    this.batches = new Batches(order.images, batch, seed);
    this.tuning = fineTune(model, last_layers, seed);
    this.optimizer = optimizers[optimizer](tensorflow.core, learning_rate);
    this.identity = this.identityWith(order.images);
  }

  /**
   * Prepares a job, and goes on from the last checkpoint where there is one.
   *
   * @param model learns in its place; it has the weights that are in use, unless a job in the same folder has deployed others
   * @throws InputError if images and model do not fit, or the checkpoints are of another model
   */
  static async open(tensorflow: TensorFlow, model: LayersModel, order: JobOrder): Promise<RetrainingJob> {
    checkFit(model, order.images, 'images to train with');
    checkFit(model, order.heldOut, 'held-out images');
    const job = new RetrainingJob(tensorflow, model, order, await outputOf(tensorflow, model, order.heldOut));
    await job.resume();
    return job;
  }

  /** Trains one step. @throws InputError if an image cannot be read */
  async step(): Promise<StepReport> {
    const { core } = this.tensorflow;
    const position = this.position;
    const begin = performance.now();
    const { images, labels, loaderMs } = await this.batches.at(position);
    const loaded = performance.now();
    const { steps } = this.batches;
    this.tuning.seedDropout(this.optimizer.iterations);
    const tensors = toTensors(core, this.order.images, images, labels);
    const { loss, correct } = await trainStep(core, this.model, this.optimizer, this.tuning.variables, tensors, this.kind);
    core.dispose(tensors);
    const stepMs = performance.now() - loaded;
    const report: StepReport = { ...position, steps, images: labels.length, loss, accuracy: correct / labels.length, loaderMs, waitedMs: loaded - begin, stepMs };
    this.totals.add({ images: labels.length, loss, correct, loaderMs, waitedMs: report.waitedMs, stepMs });
    this.position = this.batches.after(position);
    if (this.position.step === 0) {
      report.epochEnded = this.totals.report(position.epoch);
      this.totals = new EpochTotals();
    }
    if (this.position.step % this.options.checkpoint_steps === 0) report.checkpoint = await this.save();
    return report;
  }

  /** Steps, one after the other and without end. Leave the loop, or do not ask for the next one, to pause. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StepReport, never, void> {
    for (;;) yield await this.step();
  }

  /** How the weights that are learning do on the held-out images. */
  test(): Promise<HeldOutResult> {
    return testHeldOut(this.tensorflow, this.model, this.order.heldOut, this.options.batch, this.kind);
  }

  /** Asks about a batch of held-out images only, from `first` on. @returns how many they are, and where the next one begins: 0 after the last */
  async testPart(first: number): Promise<{ images: number; next: number }> {
    const { heldOut } = this.order;
    const { hits } = await testBatch(this.tensorflow, this.model, heldOut, { first, batch: this.options.batch }, this.kind);
    const next = first + hits.length;
    return { images: hits.length, next: next < heldOut.labels.length ? next : 0 };
  }

  /**
   * Compares what was learnt with the weights in use, on the held-out images. If it is better, it is in use from now on. Training goes
   * on from what was learnt in either case.
   *
   * @returns the decision, and the weights to send to those who serve if it is to deploy; `notStored` says that they could not be
   *   written to the folder, so that only those who serve have them
   */
  async propose(): Promise<{ decision: DeployDecision; weights?: Uint8Array; notStored?: string }> {
    const { core } = this.tensorflow;
    const after = await this.test();
    const learnt = await readWeights(this.model);
    let before: HeldOutResult;
    try {
      writeWeights(core, this.model, decodeTensors(this.deployed).tensors);
      before = await this.test();
    } finally {
      writeWeights(core, this.model, learnt);
    }
    const decision = decide(before, after);
    if (!decision.deploy) return { decision };
    const weights = encodeTensors({ about: {}, tensors: learnt });
    this.deployed = weights;
    const notStored = await this.order.checkpoints?.saveDeployed(weights);
    return { decision, weights, ...(notStored !== undefined && { notStored }) };
  }

  /** Writes a checkpoint now; undefined for a job without checkpoints. */
  async save(): Promise<Saved | undefined> {
    if (this.order.checkpoints === undefined) return undefined;
    const weights = await readWeights(this.model);
    const { iterations, tensors } = await readOptimizer(this.optimizer);
    const about: JobState = { identity: this.identity, position: this.position, iterations, weights: weights.length, totals: this.totals.values };
    return this.order.checkpoints.save({ about, tensors: [...weights, ...tensors] });
  }

  /**
   * Goes on with other images, between two epochs. What was learnt stays, and so does the state of the optimizer. The images before
   * are closed.
   *
   * @throws InputError if images and model do not fit; then the job goes on with those that it has
   */
  async learnFrom(images: Loader, heldOut: Loader): Promise<void> {
    if (this.position.step !== 0) throw new RangeError(`images are exchanged between two epochs, and ${this.position.step} steps of this one are done`);
    checkFit(this.model, images, 'images to train with');
    checkFit(this.model, heldOut, 'held-out images');
    const before = [this.batches, this.order.heldOut];
    this.order = { ...this.order, images, heldOut };
    this.batches = new Batches(images, this.options.batch, this.options.seed);
    this.identity = this.identityWith(images);
    for (const each of before) await each.close();
  }

  /** Ends loading. The model stays with whoever opened it. */
  async close(): Promise<void> {
    await this.batches.close();
    await this.order.heldOut.close();
    this.optimizer.dispose();
  }

  private async resume(): Promise<void> {
    const { checkpoints } = this.order;
    const { core } = this.tensorflow;
    this.deployed = this.order.inUse ?? (await checkpoints?.deployed()) ?? encodeTensors({ about: {}, tensors: await readWeights(this.model) });
    this.fits(this.deployed);
    if (checkpoints === undefined) return;
    const { checkpoint, passedOver } = await checkpoints.last();
    this.resumed = { passedOver };
    if (checkpoint === undefined) {
      writeWeights(core, this.model, decodeTensors(this.deployed).tensors);
      return;
    }
    const { about, tensors, path } = checkpoint;
    this.of(path, () => writeWeights(core, this.model, tensors.slice(0, about.weights)));
    if (about.identity === this.identity) {
      await restoreOptimizer(core, this.optimizer, { iterations: about.iterations, tensors: tensors.slice(about.weights) });
      this.position = about.position;
      this.totals = new EpochTotals(about.totals);
      this.resumed = { ...this.position, path, passedOver };
    } else {
      this.position = { epoch: about.position.epoch, step: 0 };
      this.resumed = { ...this.position, path, passedOver, changed: 'images or options are not those of the checkpoint: its weights are used, and the epoch and the optimizer begin anew' };
    }
  }

  private identityWith(images: Loader): string {
    const { batch, optimizer, learning_rate, seed, last_layers } = this.options;
    return identityOf({ batch, optimizer, learning_rate, seed, last_layers }, images);
  }

  private fits(bytes: Uint8Array): void {
    const { tensors } = decodeTensors(bytes);
    const own = weightsInOrder(this.model);
    if (tensors.length !== own.length || tensors.some(({ shape }, i) => shape.join() !== own[i].shape.join()))
      throw new InputError(`${this.order.checkpoints?.folder ?? this.model.name}: the weights that were deployed ${this.order.checkpoints === undefined ? 'last' : 'from here'} are of another model; name another folder`);
  }

  private of(path: string, use: () => void): void {
    try {
      use();
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${path}: ${error.message}; name another folder`);
      throw error;
    }
  }
}
