// What new weights cost a worker that serves: npm run build && node scripts/measure-deploy.mjs [backend] [model] [input size]
import { backendNamed } from '../dist/executor/backends/backends.js';
import { openModel } from '../dist/executor/models/open.js';
import { weightsToBytes } from '../dist/executor/retraining/weights.js';
import { WorkerProcess } from '../dist/executor/worker/worker-process.js';

const [backend = 'wasm', model = 'mobilenet_v1_025', side = '32'] = process.argv.slice(2);
const REPETITIONS = 21;
const choice = { input_size: Number(side), classes: 10 };
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// The weights of another seed: real ones, of another content.
const tensorflow = await backendNamed(backend).open();
const weights = await weightsToBytes((await openModel(tensorflow, model, { inputSize: choice.input_size, classes: choice.classes, seed: 2 })).trainable);

let ready;
let answered;
const swaps = [];
const loaded = new Promise((resolve) => (ready = resolve));
const worker = new WorkerProcess({ engine: backend, options: { models: { [model]: choice } }, accelerator: 0, serve: model }, {}, {
  ready: () => ready(),
  answers: () => answered(),
  weights: (_version, tookMs, refused) => {
    if (refused !== undefined) throw new Error(refused);
    swaps.push(tookMs);
  },
  ended: (_ending, why) => {
    throw new Error(why);
  },
});
await loaded;
const image = new Uint8Array(choice.input_size ** 2 * 3);
const infer = async () => {
  const sinceMs = performance.now();
  await new Promise((resolve) => {
    answered = resolve;
    worker.infer(1, [image]);
  });
  return performance.now() - sinceMs;
};
for (let i = 0; i < REPETITIONS; i++) await infer();
const alone = [];
const after = [];
const arrived = [];
for (let i = 0; i < REPETITIONS; i++) {
  alone.push(await infer());
  // One request after the other, until the weights are in place and one was answered with them; the longest counts.
  const sinceMs = performance.now();
  worker.setWeights(i + 1, weights);
  let longest = 0;
  while (swaps.length <= i) longest = Math.max(longest, await infer());
  arrived.push(performance.now() - sinceMs);
  after.push(Math.max(longest, await infer()));
}
worker.kill();
console.log(`${model} at ${side} × ${side} on ${backend}: ${(weights.length / 2 ** 20).toFixed(2)} MiB of weights`);
console.log(`from sent to in use: ${median(arrived).toFixed(1)} ms; of that, put in place between two batches: ${median(swaps).toFixed(1)} ms, longest ${Math.max(...swaps).toFixed(1)}`);
console.log(`a request alone: ${median(alone).toFixed(1)} ms, longest ${Math.max(...alone).toFixed(1)}; the longest while weights come: ${median(after).toFixed(1)} ms, longest ${Math.max(...after).toFixed(1)} (medians of ${REPETITIONS} deploys)`);
process.exit();
