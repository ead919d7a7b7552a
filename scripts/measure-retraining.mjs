// Measures retraining under drift on one backend: node scripts/measure-retraining.mjs [BACKEND [MODEL [SIDE]]]
// Prints Markdown: epochs with loader and step time, held-out accuracy before and after, checkpoints, and putting weights in place.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendNamed } from '../dist/executor/backends/backends.js';
import { openModel } from '../dist/executor/models/open.js';
import { Checkpoints } from '../dist/executor/retraining/checkpoints.js';
import { RetrainingJob } from '../dist/executor/retraining/job.js';
import { openLoaderThread } from '../dist/executor/retraining/open-loader-thread.js';
import { applyWeights } from '../dist/executor/retraining/weights.js';

const [backend = 'wasm', name = 'mobilenet_v1_025', side = '32'] = process.argv.slice(2);
const DRIFT = { rotation_degrees: 70, brightness: -0.15 };
const EPOCHS = 2;
const CLASSES = 6;
const tensorflow = await backendNamed(backend).open();
const open = () => openModel(tensorflow, name, { inputSize: Number(side), classes: CLASSES });
const images = (given) => openLoaderThread({ kind: 'generated', classes: CLASSES, side: Number(side), ...given });
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const folder = await mkdtemp(join(tmpdir(), 'corun-measure-'));
const model = (await open()).trainable;
const serving = (await open()).trainable;
const saves = [];
let weights;

console.log(`| world | epoch | loss | accuracy while training | loader, ms a step | waited for it, ms | step, ms |\n| --- | --- | --- | --- | --- | --- | --- |`);
const decisions = [];
for (const [world, first, drift] of [['as it was', 0, {}], ['drifted', 10_000, DRIFT]]) {
  const job = await RetrainingJob.open(tensorflow, model, {
    images: await images({ count: 200, first, drift }),
    heldOut: await images({ count: 200, first: first + 5000, drift }),
    options: { batch: 16, learning_rate: 0.02 },
    checkpoints: await Checkpoints.open(folder),
  });
  if (world === 'drifted') decisions.push(['drifted, before retraining', (await job.test()).accuracy]);
  let done = 0;
  for await (const { epochEnded, checkpoint } of job) {
    if (checkpoint !== undefined) saves.push(checkpoint);
    if (epochEnded === undefined) continue;
    const { epoch, steps, loss, accuracy, loaderMs, waitedMs, stepMs } = epochEnded;
    const each = (ms) => (ms / steps).toFixed(1);
    console.log(`| ${world} | ${epoch} | ${loss.toFixed(3)} | ${percent(accuracy)} | ${each(loaderMs)} | ${each(waitedMs)} | ${each(stepMs)} |`);
    if (++done === EPOCHS) break;
  }
  const proposal = await job.propose();
  decisions.push([world, proposal.decision.reason]);
  weights = proposal.weights ?? weights;
  await job.close();
}
console.log();
for (const [world, found] of decisions) console.log(`- ${world}: ${typeof found === 'number' ? percent(found) : found}`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`- checkpoint: ${(saves[0].bytes / 2 ** 20).toFixed(2)} MiB, ${median(saves.map(({ saveMs }) => saveMs)).toFixed(1)} ms (median of ${saves.length})`);
const applied = Array.from({ length: 21 }, () => {
  const begin = performance.now();
  applyWeights(tensorflow.core, serving, weights);
  return performance.now() - begin;
});
console.log(`- weights: ${(weights.length / 2 ** 20).toFixed(2)} MiB, put in place in ${median(applied).toFixed(1)} ms (median of 21)`);
await rm(folder, { recursive: true });
process.exit();
