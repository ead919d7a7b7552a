// The program of a worker process: one model that answers, or one retraining job. It is started by `worker-process.ts`.
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Channel, settings, settingsOf } from '../channel/channel.js';
import type { Message } from '../channel/frame.js';
import { InputError } from '../../input/error.js';
import { engines } from '../engines.js';
import { OutOfMemory, type ServedModel, type Slice, type Trainee } from '../engines/engine.js';
import { Ask, Ending, Told, type WorkerOrder } from './messages.js';

/** Number of the file that the server has opened to this process. */
const CHANNEL = 3;

let model: ServedModel | undefined;
let trainee: Trainee | undefined;
/** What to do next; messages are answered one after the other. */
let last = Promise.resolve();
let training = false;
let looping = false;
let nextSlice: () => Promise<Slice>;
let isEnding = false;
let tellsParts = false;
/** Weights of which not all pieces are there yet. */
let arriving: { version: number; weights: Buffer; length: number } | undefined;
/** Of the pause that was asked for last. */
let pauseId = 0;
const toDeploy: number[] = [];

/** Says why the process ends, and ends it when that is on its way. What fails after that, for lack of what failed, says nothing new. */
function fail(error: unknown): void {
  if (isEnding) return;
  isEnding = true;
  const { message } = error instanceof Error ? error : { message: String(error) };
  training = false;
  const ending = error instanceof OutOfMemory ? Ending.outOfMemory : error instanceof InputError ? Ending.refused : Ending.crashed;
  channel.send(Told.failed, 0, ending, [Buffer.from(message)]);
  setImmediate(() => process.exit(1));
}

function notify(notices: readonly string[] = []): void {
  for (const notice of notices) channel.send(Told.notice, 0, 0, [Buffer.from(notice)]);
}

function begin(model: ServedModel, weights: Uint8Array): void {
  try {
    model.setWeights?.(weights);
  } catch (error) {
    throw new InputError(`the weights that were deployed last do not fit: ${(error as Error).message}; name another folder to keep them in`);
  }
}

function beginPulled(model: ServedModel, weights: Uint8Array): void {
  if (model.setWeights === undefined) throw new InputError('its version in the repository cannot be loaded: this model cannot take weights');
  try {
    model.setWeights(weights);
  } catch (error) {
    throw new InputError(`its version in the repository does not fit: ${(error as Error).message}; publish one that does, and remove this one from the storage of an edge that cannot start with it`);
  }
}

async function open(order: WorkerOrder, weights: Uint8Array | undefined): Promise<void> {
  const engine = await (await engines[order.engine]()).open(order);
  if (order.serve !== undefined) {
    model = await engine.load(order.serve);
    tellsParts = order.tellParts === true;
    if (order.weightsAt !== undefined) beginPulled(model, readFileSync(order.weightsAt));
    else if (weights !== undefined) begin(model, weights);
    const { input, output, labels, memoryMiB } = model;
    channel.send(Told.ready, 0, 0, [settings({ input, output, labels, memoryMiB })]);
  } else {
    const job = (trainee = await engine.train(order.train!, weights));
    if (order.evaluate === true && job.evaluate === undefined) throw new InputError(`engine ${order.engine} cannot evaluate without training`);
    nextSlice = order.evaluate === true ? () => job.evaluate!() : () => job.slice();
    channel.send(Told.ready, 0, 0, [settings({})]);
    notify(trainee.notices);
  }
}

async function infer({ id, parts }: Message): Promise<void> {
  const sinceMs = performance.now();
  const answers = await model!.infer(parts);
  const workMs = performance.now() - sinceMs;
  if (tellsParts && model!.parts !== undefined) channel.send(Told.parts, id, 0, [settings(model!.parts())]);
  channel.send(Told.answers, id, workMs, answers);
}

/** Trains slice by slice; between two of them messages are heard. */
async function train(): Promise<void> {
  looping = true;
  while (training) {
    const sinceMs = performance.now();
    const { epochEnded, whole, progress, notices } = await nextSlice();
    channel.send(Told.sliceEnded, whole === true ? 1 : 0, performance.now() - sinceMs);
    if (progress !== undefined) channel.send(Told.progress, 0, 0, [settings(progress)]);
    notify(notices);
    if (epochEnded) channel.send(Told.epochEnded);
    while (toDeploy.pop() !== undefined) await deploy();
    await new Promise((heard) => setImmediate(heard));
  }
  // Asked for together with the pause, when no slice was under way.
  while (toDeploy.pop() !== undefined) await deploy();
  looping = false;
  channel.send(Told.paused, pauseId);
}

async function deploy(): Promise<void> {
  const { better, comparison, weights, notices } = await trainee!.deploy();
  notify(notices);
  channel.send(Told.deployed, 0, better ? 1 : 0, [comparison === undefined ? new Uint8Array() : settings(comparison), ...(weights === undefined ? [] : [weights])]);
}

/** Weights of a new version begin with their first piece; what was there of another one is not wanted any more. */
function collect({ id, value, parts }: Message): void {
  if (arriving?.version !== id) arriving = { version: id, weights: Buffer.allocUnsafe(value), length: 0 };
  arriving.weights.set(parts[0], arriving.length);
  arriving.length += parts[0].length;
  channel.send(Told.piece, id);
}

/** Weights that do not fit are no reason to stop answering. */
function setWeights(id: number, weights: Uint8Array): void {
  const sinceMs = performance.now();
  let refused: string | undefined;
  try {
    if (model?.setWeights === undefined) refused = 'this model cannot take new weights';
    else model.setWeights(weights);
  } catch (error) {
    refused = (error as Error).message;
  }
  channel.send(Told.weights, id, performance.now() - sinceMs, refused === undefined ? [] : [Buffer.from(refused)]);
}

function hear(message: Message): void {
  switch (message.kind) {
    case Ask.open:
      last = open(settingsOf(message.parts[0]) as WorkerOrder, message.parts[1]).catch(fail);
      return;
    case Ask.infer:
      last = last.then(() => infer(message)).catch(fail);
      return;
    case Ask.train:
      last = last.then(() => {
        training = true;
        if (!looping) train().catch(fail);
      });
      return;
    case Ask.pause:
      last = last.then(() => {
        training = false;
        pauseId = message.id;
        if (!looping) channel.send(Told.paused, pauseId);
      });
      return;
    case Ask.deploy:
      last = last.then(() => (looping ? void toDeploy.push(1) : deploy())).catch(fail);
      return;
    case Ask.weights:
      if (arriving?.version === message.id) {
        const { weights } = arriving;
        arriving = undefined;
        last = last.then(() => setWeights(message.id, weights)).catch(fail);
      }
      return;
    case Ask.piece:
      collect(message);
      return;
    case Ask.ping:
      channel.send(Told.pong);
  }
}

// Without its server a worker has nothing to live for; Ctrl-C in a terminal reaches all processes, and the server says when to end.
const channel = new Channel(new Socket({ fd: CHANNEL, readable: true, writable: true }), hear, () => process.exit(0));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
