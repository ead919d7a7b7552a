import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Channel, settings, settingsOf } from '../channel/channel.js';
import type { Message } from '../channel/frame.js';
import type { BatchParts, Comparison, ModelSpec, Progress, Proposal } from '../engines/engine.js';
import { Ask, Ending, Told, type WorkerOrder } from './messages.js';

/** What is heard of a worker process. */
export interface WorkerListener {
  ready?(model: ModelSpec): void;
  answers?(batch: number, workMs: number, answers: readonly Uint8Array[]): void;
  /** Of the batch whose answers come next. */
  parts?(parts: BatchParts): void;
  /** `whole`: it did one step with a whole batch and nothing else. */
  sliceEnded?(workMs: number, whole: boolean): void;
  epochEnded?(): void;
  paused?(pause: number): void;
  deployed?(proposal: Proposal): void;
  progress?(progress: Progress): void;
  /** A sentence for the operator. */
  notice?(sentence: string): void;
  /** Weights are in place since `tookMs`, or were refused for a reason. */
  weights?(version: number, tookMs: number, refused: string | undefined): void;
  /** The process ended by itself: called once, and after nothing else; not after `kill`. */
  ended(ending: Ending, why: string): void;
}

export interface Placement {
  /** Number of the accelerator, for CUDA_VISIBLE_DEVICES; undefined where the engine chooses by itself. */
  cudaDevice?: number;
  /** Share of the accelerator in percent, for CUDA MPS; undefined for all of it. */
  sharePercent?: number;
}

/** How much of what a process wrote on its error output is kept. */
const LAST_WORDS = 4000;
/** What native code writes before it ends, when memory was what it lacked. */
const MEMORY_WORDS = /out of memory|out-of-memory|RESOURCE_EXHAUSTED|bad_alloc|CUDA_ERROR_OUT_OF_MEMORY|Cannot enlarge memory/i;

/** Bytes of weights that are sent at once: a pipe takes about a millisecond for so many. */
const PIECE = 512 * 1024;

/** Descriptor of a file of weights in the worker process, behind that of its channel. */
const WEIGHTS = 4;

/** The built program of a worker, also when this file runs from its source. */
const PROGRAM = fileURLToPath(new URL('./main.js', import.meta.url.replace('/src/executor/', '/dist/executor/')));

const textOf = (part: Uint8Array): string => Buffer.from(part.buffer, part.byteOffset, part.length).toString();

const proposalOf = (better: boolean, [comparison, weights]: readonly Uint8Array[]): Proposal => ({
  better,
  ...(comparison.length > 0 && { comparison: settingsOf(comparison) as Comparison }),
  ...(weights !== undefined && { weights }),
});

/** A worker process, seen from the server. Nothing here waits. */
export class WorkerProcess {
  /** When something was last heard of it; `performance.now()`. */
  heardMs = performance.now();
  private readonly child: ChildProcess;
  private readonly channel: Channel;
  private readonly listener: WorkerListener;
  private lastWords = '';
  private failure: { ending: Ending; why: string } | undefined;
  private isSilenced = false;
  /** Weights that are on their way to it. */
  private underWay: { version: number; weights: Uint8Array; sent: number } | undefined;

  /** @param weights to begin with, instead of those that the model is opened with: themselves, or the descriptor of an open file, which the caller closes */
  constructor(order: WorkerOrder, { cudaDevice, sharePercent }: Placement, listener: WorkerListener, weights?: Uint8Array | number) {
    this.listener = listener;
    const env = { ...process.env };
    if (cudaDevice !== undefined) env.CUDA_VISIBLE_DEVICES = String(cudaDevice);
    if (sharePercent !== undefined) env.CUDA_MPS_ACTIVE_THREAD_PERCENTAGE = String(sharePercent);
    this.child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', typeof weights === 'number' ? weights : 'ignore'], env });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.lastWords = (this.lastWords + text).slice(-LAST_WORDS)));
    this.channel = new Channel(this.child.stdio[3] as Duplex, (message) => this.hear(message), (reason) => {
      // The channel of a living process closes when it sends what is no message; it is of no use any more.
      if (reason !== undefined) this.failure ??= { ending: Ending.crashed, why: reason.message };
      this.child.kill('SIGKILL');
    });
    this.child.on('error', (error) => this.end(Ending.crashed, `its process cannot be started: ${error.message}`));
    this.child.on('close', (code, signal) => this.closed(code, signal));
    this.channel.send(Ask.open, 0, 0, typeof weights === 'number' ? [settings({ ...order, weightsAt: WEIGHTS })] : [settings(order), ...(weights === undefined ? [] : [weights])]);
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  infer(batch: number, images: readonly Uint8Array[]): void {
    this.channel.send(Ask.infer, batch, 0, images);
  }

  train(): void {
    this.channel.send(Ask.train);
  }

  pause(pause: number): void {
    this.channel.send(Ask.pause, pause);
  }

  deploy(): void {
    this.channel.send(Ask.deploy);
  }

  /** It answers with these once they have arrived, from the next batch on. */
  setWeights(version: number, weights: Uint8Array): void {
    this.underWay = { version, weights, sent: 0 };
    this.sendPiece();
  }

  ping(): void {
    this.channel.send(Ask.ping);
  }

  /** Ends the process at once, whatever it is doing; nothing is heard of it any more. */
  kill(): void {
    this.isSilenced = true;
    this.child.kill('SIGKILL');
  }

  /** Takes it for dead and ends it, with this reason. */
  giveUp(why: string): void {
    this.failure ??= { ending: Ending.crashed, why };
    this.child.kill('SIGKILL');
  }

  /** One piece at a time, so that images come between them and wait for none but one. */
  private sendPiece(): void {
    const { underWay } = this;
    if (underWay === undefined) return;
    const { version, weights, sent } = underWay;
    if (sent >= weights.length) {
      this.underWay = undefined;
      this.channel.send(Ask.weights, version);
      return;
    }
    underWay.sent += PIECE;
    this.channel.send(Ask.piece, version, weights.length, [weights.subarray(sent, sent + PIECE)]);
  }

  private hear({ kind, id, value, parts }: Message): void {
    this.heardMs = performance.now();
    if (this.isSilenced) return;
    const { listener } = this;
    switch (kind) {
      case Told.ready:
        return listener.ready?.(settingsOf(parts[0]) as ModelSpec);
      case Told.answers:
        return listener.answers?.(id, value, parts);
      case Told.parts:
        return listener.parts?.(settingsOf(parts[0]) as BatchParts);
      case Told.sliceEnded:
        return listener.sliceEnded?.(value, id === 1);
      case Told.epochEnded:
        return listener.epochEnded?.();
      case Told.paused:
        return listener.paused?.(id);
      case Told.deployed:
        return listener.deployed?.(proposalOf(value === 1, parts));
      case Told.failed:
        this.failure = { ending: value as Ending, why: textOf(parts[0]) };
        return;
      case Told.weights:
        return listener.weights?.(id, value, parts.length > 0 ? textOf(parts[0]) : undefined);
      case Told.piece:
        if (id === this.underWay?.version) this.sendPiece();
        return;
      case Told.progress:
        return listener.progress?.(settingsOf(parts[0]) as Progress);
      case Told.notice:
        listener.notice?.(textOf(parts[0]));
    }
  }

  private closed(code: number | null, signal: NodeJS.Signals | null): void {
    const words = this.lastWords.trim();
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    const { ending, why } = this.failure ?? { ending: MEMORY_WORDS.test(words) ? Ending.outOfMemory : Ending.crashed, why: words === '' ? `its process ${how}` : `its process ${how}: ${words.split('\n').at(-1)}` };
    this.end(ending, why);
  }

  private end(ending: Ending, why: string): void {
    if (this.isSilenced) return;
    this.isSilenced = true;
    this.listener.ended(ending, why);
  }
}
