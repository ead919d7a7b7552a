import { Worker } from 'node:worker_threads';
import { InputError } from '../../input/error.js';
import type { LabelledImages } from '../images/dataset.js';
import type { LoadedBatch, Loader } from './loader.js';

type Answer = { opened: Omit<LabelledImages, 'read'> } | { batch: LoadedBatch } | { failed: { message: string; isInput: boolean } };

const PROGRAM = new URL('./loader-thread.js', import.meta.url);

/**
 * Opens images in a thread of their own, so that a batch is loaded while the step before it computes, whatever it computes with, and
 * the loader's time is its own.
 *
 * @param images as `openImages` takes them
 * @param program of the thread; the built one in tests
 * @throws InputError as `openImages` does
 */
export async function openLoaderThread(images: Readonly<Record<string, unknown>>, program: URL = PROGRAM): Promise<Loader> {
  const worker = new Worker(program, { workerData: images, execArgv: [] });
  const answer = (): Promise<Answer> =>
    new Promise((done, fail) => {
      const over = (): void => {
        worker.off('message', heard).off('error', failed).off('exit', ended);
      };
      const heard = (message: Answer): void => {
        over();
        if ('failed' in message) fail(message.failed.isInput ? new InputError(message.failed.message) : new Error(message.failed.message));
        else done(message);
      };
      const failed = (error: Error): void => {
        over();
        fail(error);
      };
      const ended = (code: number): void => failed(new Error(`the thread that loads images ended with code ${code}`));
      worker.on('message', heard).on('error', failed).on('exit', ended);
    });
  try {
    const { opened } = (await answer()) as { opened: Omit<LabelledImages, 'read'> };
    // One batch after the other: an answer belongs to the question before it.
    let last: Promise<unknown> = Promise.resolve();
    return {
      ...opened,
      load(indices) {
        const asked = last.then(async () => {
          const loaded = answer();
          worker.postMessage(indices);
          return ((await loaded) as { batch: LoadedBatch }).batch;
        });
        last = asked.then(
          () => undefined,
          () => undefined,
        );
        return asked;
      },
      close: async () => void (await worker.terminate()),
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
