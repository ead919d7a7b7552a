// Trains a small CNN in a process that the test kills: node train-child.mjs DIST FOLDER OPTIMIZER EPOCHS
// Prints a line of JSON for its beginning and for each step, and writes the weights to final.bin when it is done.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, optimizer, epochs] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { backendNamed } = await load('executor/backends/backends.js');
const { Checkpoints } = await load('executor/retraining/checkpoints.js');
const { RetrainingJob } = await load('executor/retraining/job.js');
const { loaderOf } = await load('executor/retraining/loader.js');
const { weightsToBytes } = await load('executor/retraining/weights.js');
const { openImages } = await load('executor/images/datasets.js');
const { initialise } = await load('models/initialise.js');

const tensorflow = await backendNamed('wasm').open();
const { layers, sequential } = tensorflow.layers;
const model = sequential({
  layers: [
    layers.conv2d({ inputShape: [12, 12, 3], filters: 6, kernelSize: 3, strides: 2, padding: 'same', name: 'a' }),
    layers.batchNormalization(),
    layers.reLU(),
    layers.flatten(),
    layers.dropout({ rate: 0.3 }),
    layers.dense({ units: 4, activation: 'softmax', name: 'b' }),
  ],
});
initialise(tensorflow.core, model, 1);

const images = (given) => openImages({ kind: 'generated', classes: 4, side: 12, ...given }).then(loaderOf);
const job = await RetrainingJob.open(tensorflow, model, {
  images: await images({ count: 45 }),
  heldOut: await images({ count: 8, first: 100 }),
  options: { batch: 4, optimizer, learning_rate: 0.01, checkpoint_steps: 2, seed: 8 },
  checkpoints: await Checkpoints.open(folder),
});
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
say({ resumed: job.resumed, position: job.position });
while (job.position.epoch < Number(epochs)) say(await job.step());
await writeFile(join(folder, 'final.bin'), await weightsToBytes(model));
process.exit();
