// The program of a loader's thread: opens images, and reads the batches that it is asked for. It is started by `open-loader-thread.ts`.
import { parentPort, workerData } from 'node:worker_threads';
import { openImages } from '../images/datasets.js';
import { loaderOf } from './loader.js';

const port = parentPort!;
const message = (error: unknown): { message: string; isInput: boolean } => ({
  message: error instanceof Error ? error.message : String(error),
  isInput: error instanceof Error && error.name === 'InputError',
});

try {
  const loader = loaderOf(await openImages(workerData as Record<string, unknown>));
  const { classes, width, height, channels, labels, names } = loader;
  port.on('message', (indices: number[]) => {
    loader.load(indices).then(
      (batch) => port.postMessage({ batch }, [batch.images.buffer as ArrayBuffer]),
      (error: unknown) => port.postMessage({ failed: message(error) }),
    );
  });
  port.postMessage({ opened: { classes, width, height, channels, labels, ...(names && { names }) } });
} catch (error) {
  port.postMessage({ failed: message(error) });
}
