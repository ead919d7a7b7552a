// How far each model of the zoo is on one backend from wasm, in its answer and the gradients of all its weights, as a table in Markdown:
//   npm run gradients -- --backend webgpu [--model squeezenet1_0 …]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zoo } from '../dist/models/zoo.js';

const { values } = parseArgs({ options: { backend: { type: 'string' }, model: { type: 'string', multiple: true } } });
const names = values.model ?? Object.keys(zoo);
const unknown = names.find((name) => !Object.hasOwn(zoo, name));
if (values.backend === undefined || unknown !== undefined) {
  console.error(unknown === undefined ? 'say which backend: npm run gradients -- --backend webgpu' : `no model is called ${unknown}; there are ${Object.keys(zoo).join(', ')}`);
  process.exit(2);
}
const file = (path) => fileURLToPath(new URL(`../test/executor/backends/${path}`, import.meta.url));
const power = (error) => (error === 0 ? '0' : error.toExponential(1));

console.log('| model | input | weights | answer | gradients | s |\n| --- | ---: | ---: | ---: | ---: | ---: |');
for (const name of names) {
  const { stdout, stderr } = spawnSync(process.execPath, [file('in-own-process.mjs'), file('compared.ts'), 'compareModels', JSON.stringify([values.backend, [name]])], { encoding: 'utf8' });
  const line = stdout.split('\n').findLast((text) => text.startsWith('['));
  if (line === undefined) {
    console.error(`${name}: ${stderr.trim().split('\n').findLast((text) => /\S/.test(text))}`);
    process.exitCode = 1;
    continue;
  }
  const [{ answer, gradients, weights, seconds }] = JSON.parse(line);
  console.log(`| \`${name}\` | ${zoo[name].smallestInput} | ${weights} | ${power(answer)} | ${power(gradients)} | ${seconds.toFixed(0)} |`);
}
