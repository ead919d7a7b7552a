import type { ModelSpec } from './engines/engine.js';
import { InputError } from '../input/error.js';
import { WorkerProcess } from './worker/worker-process.js';

const REPETITIONS = 5;

/**
 * Loads a model into a process of its own and times it alone: the median of five images, one after the other, after one that
 * does not count. The process is ended.
 *
 * @returns ms
 * @throws InputError if it does not load or answer
 */
export function soloMsOf(engine: string, options: unknown, model: string): Promise<number> {
  return new Promise((found, failed) => {
    const took: number[] = [];
    let image: Uint8Array;
    const process = new WorkerProcess({ engine, options, accelerator: 0, serve: model }, {}, {
      ready: ({ input }: ModelSpec) => {
        image = new Uint8Array(input.shape.reduce((product, n) => product * n, 1));
        process.infer(0, [image]);
      },
      answers: (batch, workMs) => {
        if (batch > 0) took.push(workMs);
        if (batch < REPETITIONS) return process.infer(batch + 1, [image]);
        process.kill();
        found(Math.max(took.sort((a, b) => a - b)[(REPETITIONS - 1) / 2], 0.001));
      },
      ended: (_outOfMemory, why) => failed(new InputError(`cannot load ${model} with ${engine}: ${why}`)),
    });
  });
}
