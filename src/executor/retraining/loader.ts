import { floatsOf, type LabelledImages } from '../images/dataset.js';
import { shuffled, stepsOf, type Position } from './shuffle.js';

/** Images read and decoded. */
export interface LoadedBatch {
  /** Of shape [labels.length, height, width, channels], values in [0, 1]. */
  images: Float32Array;
  labels: Int32Array;
  /** Time that reading and decoding took, from begin to end. */
  loaderMs: number;
}

/** Reads and decodes a batch. */
export interface Loader extends Omit<LabelledImages, 'read'> {
  load(indices: readonly number[]): Promise<LoadedBatch>;
  close(): Promise<void>;
}

/** Labels of the given images. */
export const labelsAt = (labels: Uint16Array, indices: readonly number[]): Int32Array => Int32Array.from(indices, (i) => labels[i]);

/**
 * Loads in this thread. What is computed on the CPU here and now, as with wasm, keeps decoding from going on, and then counts into
 * its time; `openLoaderThread` has neither.
 */
export function loaderOf(source: LabelledImages): Loader {
  const { classes, width, height, channels, labels, names } = source;
  return {
    classes,
    width,
    height,
    channels,
    labels,
    ...(names && { names }),
    async load(indices) {
      const begin = performance.now();
      const images = new Float32Array(indices.length * floatsOf(source));
      await source.read(indices, images);
      return { images, labels: labelsAt(source.labels, indices), loaderMs: performance.now() - begin };
    },
    close: () => Promise.resolve(),
  };
}

type Settled = { batch: LoadedBatch } | { error: unknown };

/** The mini-batches of training, in seeded order. While one is trained with, the next one is loaded. */
export class Batches {
  readonly loader: Loader;
  private readonly size: number;
  private readonly seed: number | string;
  private ahead: { key: string; settled: Promise<Settled> } | undefined;
  private order: { epoch: number; indices: Uint32Array } | undefined;

  constructor(loader: Loader, size: number, seed: number | string) {
    this.loader = loader;
    this.size = size;
    this.seed = seed;
  }

  /** Steps of an epoch. */
  get steps(): number {
    return stepsOf(this.loader.labels.length, this.size);
  }

  /** The batch at a position, and begins to load the one after it. @throws what the loader throws, for the batch where it did */
  async at(position: Position): Promise<LoadedBatch> {
    const settled = await this.settled(position);
    if ('error' in settled) {
      this.ahead = undefined;
      throw settled.error;
    }
    void this.settled(this.after(position));
    return settled.batch;
  }

  after({ epoch, step }: Position): Position {
    return step + 1 < this.steps ? { epoch, step: step + 1 } : { epoch: epoch + 1, step: 0 };
  }

  async close(): Promise<void> {
    await this.ahead?.settled;
    await this.loader.close();
  }

  /** Never rejects: nobody may be waiting yet when loading ahead fails. */
  private settled(position: Position): Promise<Settled> {
    const key = `${position.epoch}/${position.step}`;
    if (this.ahead?.key !== key) {
      const settled = this.loader.load(this.indicesAt(position)).then(
        (batch) => ({ batch }),
        (error: unknown) => ({ error }),
      );
      this.ahead = { key, settled };
    }
    return this.ahead.settled;
  }

  private indicesAt({ epoch, step }: Position): number[] {
    if (this.order?.epoch !== epoch) this.order = { epoch, indices: shuffled(this.loader.labels.length, this.seed, epoch) };
    return [...this.order.indices.subarray(step * this.size, (step + 1) * this.size)];
  }
}
