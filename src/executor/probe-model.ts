import type { ModelSpec } from './engines/engine.js';
import { InputError } from '../input/error.js';
import { WorkerProcess } from './worker/worker-process.js';

const FEWEST = 6;
/** Code that runs for the first time is slow, and a fast model is compiled further for some hundred milliseconds. */
const SETTLES_IN_MS = 1000;

/**
 * Loads a model into a process of its own and times it alone: one image after the other for a second, and six at least; the median of
 * the second half counts, with the way to the process and back, as a server sees it. The process is ended.
 *
 * @returns ms
 * @throws InputError if it does not load or answer
 */
export function soloMsOf(engine: string, options: unknown, model: string): Promise<number> {
  return new Promise((found, failed) => {
    const took: number[] = [];
    let image: Uint8Array;
    let inAllMs = 0;
    let sentMs = 0;
    const send = (batch: number): void => {
      sentMs = performance.now();
      process.infer(batch, [image]);
    };
    const process = new WorkerProcess({ engine, options, accelerator: 0, serve: model }, {}, {
      ready: ({ input }: ModelSpec) => {
        image = new Uint8Array(input.shape.reduce((product, n) => product * n, 1));
        send(0);
      },
      answers: (batch) => {
        const tookMs = performance.now() - sentMs;
        took.push(tookMs);
        inAllMs += tookMs;
        if (took.length < FEWEST || inAllMs < SETTLES_IN_MS) return send(batch + 1);
        process.kill();
        const settled = took.slice(took.length >> 1).sort((a, b) => a - b);
        found(Math.max(settled[settled.length >> 1], 0.001));
      },
      ended: (_outOfMemory, why) => failed(new InputError(`cannot load ${model} with ${engine}: ${why}`)),
    });
  });
}
