// Measures every model of the zoo, or those named, on one backend: node scripts/measure-models.mjs BACKEND [MODEL…]
// Prints a Markdown table: building with seeded weights, first run, median of five runs of one image of 224 × 224, reading the answer back.
import { backendNamed } from '../dist/executor/backends/backends.js';
import { openModel } from '../dist/executor/models/open.js';
import { zoo } from '../dist/models/zoo.js';

const [backend = 'wasm', ...names] = process.argv.slice(2);
const tensorflow = await backendNamed(backend).open();
const { core } = tensorflow;
const x = core.fill([1, 224, 224, 3], 0.5);

const timed = async (work) => {
  const begin = performance.now();
  const result = await work();
  return [performance.now() - begin, result];
};
const infer = (model) =>
  timed(async () => {
    const y = model.predict(x);
    await y.data();
    y.dispose();
  });

console.log(`| model | build, s | first run, ms | median, ms |\n| --- | --- | --- | --- |`);
for (const name of names.length > 0 ? names : Object.keys(zoo)) {
  const [buildMs, model] = await timed(() => openModel(tensorflow, name, { inputSize: 224 }));
  const [firstMs] = await infer(model);
  const runs = [];
  for (let i = 0; i < 5; i++) runs.push((await infer(model))[0]);
  runs.sort((a, b) => a - b);
  console.log(`| \`${name}\` | ${(buildMs / 1000).toFixed(2)} | ${firstMs.toFixed(0)} | ${runs[2].toFixed(0)} |`);
  model.dispose();
}
process.exit();
