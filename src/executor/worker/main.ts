// The program of a worker process: one model that answers, or one retraining job. It is started by `worker-process.ts`.
import { Socket } from 'node:net';
import { Channel, settings, settingsOf } from '../channel/channel.js';
import type { Message } from '../channel/frame.js';
import { engines } from '../engines.js';
import { OutOfMemory, type ServedModel, type Trainee } from '../engines/engine.js';
import { Ask, Ending, Told, type WorkerOrder } from './messages.js';

/** Number of the file that the server has opened to this process. */
const CHANNEL = 3;

let model: ServedModel | undefined;
let trainee: Trainee | undefined;
/** What to do next; messages are answered one after the other. */
let last = Promise.resolve();
let training = false;
let looping = false;
/** Of the pause that was asked for last. */
let pauseId = 0;
const toDeploy: number[] = [];

/** Says why the process ends, and ends it when that is on its way. */
function fail(error: unknown): void {
  const { message } = error instanceof Error ? error : { message: String(error) };
  training = false;
  channel.send(Told.failed, 0, error instanceof OutOfMemory ? Ending.outOfMemory : Ending.crashed, [Buffer.from(message)]);
  setImmediate(() => process.exit(1));
}

async function open(order: WorkerOrder): Promise<void> {
  const engine = await (await engines[order.engine]()).open(order);
  if (order.serve !== undefined) {
    model = await engine.load(order.serve);
    const { input, output, labels, memoryMiB } = model;
    channel.send(Told.ready, 0, 0, [settings({ input, output, labels, memoryMiB })]);
  } else {
    trainee = await engine.train(order.train!);
    channel.send(Told.ready, 0, 0, [settings({})]);
  }
}

async function infer({ id, parts }: Message): Promise<void> {
  const sinceMs = performance.now();
  const answers = await model!.infer(parts);
  channel.send(Told.answers, id, performance.now() - sinceMs, answers);
}

/** Trains slice by slice; between two of them messages are heard. */
async function train(): Promise<void> {
  looping = true;
  while (training) {
    const sinceMs = performance.now();
    const ended = await trainee!.slice();
    channel.send(Told.sliceEnded, 0, performance.now() - sinceMs);
    if (ended) channel.send(Told.epochEnded);
    while (toDeploy.pop() !== undefined) await deploy();
    await new Promise((heard) => setImmediate(heard));
  }
  looping = false;
  channel.send(Told.paused, pauseId);
}

async function deploy(): Promise<void> {
  channel.send(Told.deployed, 0, (await trainee!.deploy()) ? 1 : 0);
}

function hear(message: Message): void {
  switch (message.kind) {
    case Ask.open:
      last = open(settingsOf(message.parts[0]) as WorkerOrder).catch(fail);
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
    case Ask.ping:
      channel.send(Told.pong);
  }
}

// Without its server a worker has nothing to live for; Ctrl-C in a terminal reaches all processes, and the server says when to end.
const channel = new Channel(new Socket({ fd: CHANNEL, readable: true, writable: true }), hear, () => process.exit(0));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
