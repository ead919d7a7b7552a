// Compares the answers and gradients of the zoo between two backends: npm run gradients -- --backend B [--reference B] [--models a,b]
// [--format json]. Each model runs once on each, in a process of its own, so that one that needs too much memory ends itself only.
// Prints a table; exit code 1 if a tolerance is exceeded or a model could not be compared.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backendNamed } from '../dist/executor/backends/backends.js';
import { openModel } from '../dist/executor/models/open.js';
import { zoo } from '../dist/models/zoo.js';

/**
 * Largest |a − b| as a part of the largest |b|: of the probabilities; of all gradients of a model, by which training goes; and of the
 * one weight whose gradient differs most. float32 sums in another order, through up to 200 layers.
 */
const TOLERANCES = { answer: 2e-5, gradients: 2e-5, worst: 1e-4 };
const TIMEOUT_MS = 570_000;

const { values } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' }, reference: { type: 'string' }, models: { type: 'string' }, format: { type: 'string', default: 'text' }, one: { type: 'string' }, file: { type: 'string' } } });
if (values.one !== undefined) await computeOne(values.backend, values.one, values.file);
else process.exit(compareAll());

/** Writes a line of JSON with the lengths of all tensors, then the tensors: the answer, and the gradient of each trainable weight. */
async function computeOne(backend, name, file) {
  const tf = await backendNamed(backend).open();
  const { core } = tf;
  const { smallestInput: size } = zoo[name];
  const opened = await openModel(tf, name, { inputSize: size, classes: 5, seed: 3 });
  // Any fixed numbers in [−0.4, 0.6) that no layer finds regular.
  const x = core.tensor(Float32Array.from({ length: size * size * 3 }, (_, i) => ((Math.imul(i + 1, 2654435761) >>> 8) % 1009) / 1009 - 0.4), [1, size, size, 3]);
  const y = opened.predict(x);
  const tensors = [new Float32Array(await y.data())];
  const weights = opened.trainable.trainableWeights.map((weight) => weight.read());
  const first = core.tensor([[1, 0, 0, 0, 0]]);
  const { grads } = core.variableGrads(() => core.neg(core.log(core.sum(core.mul(opened.trainable.apply(x, { training: false }), first)))), weights);
  const out = openSync(file, 'w');
  const lengths = [tensors[0].length, ...weights.map(({ size: length }) => length)];
  const head = JSON.stringify(lengths);
  writeSync(out, head + ' '.repeat(3 - (head.length % 4)) + '\n');
  const write = (array) => writeSync(out, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  write(tensors[0]);
  for (const { name: weight } of weights) {
    write(await grads[weight].data());
    grads[weight].dispose();
  }
  closeSync(out);
  process.exit();
}

function compareAll() {
  const { backend, reference = backend === 'wasm' ? 'cpu' : 'wasm' } = values;
  const names = values.models?.split(',') ?? Object.keys(zoo);
  const folder = mkdtempSync(join(tmpdir(), 'corun-gradients-'));
  const rows = [];
  if (values.format === 'text') process.stdout.write(`| model | input | answer | gradients | worst weight | ${backend}, s | ${reference}, s |\n| --- | --- | --- | --- | --- | --- | --- |\n`);
  try {
    for (const name of names) {
      const row = compareOne(name, backend, reference, folder);
      rows.push(row);
      const e = (x) => x.toExponential(1);
      if (values.format === 'text') process.stdout.write(`| \`${name}\` | ${zoo[name].smallestInput} | ${row.why ?? `${e(row.answer)} | ${e(row.gradients)} | ${e(row.worst)} | ${row.seconds.map((s) => s.toFixed(0)).join(' | ')} |`}${row.why ? ' |' : row.ok ? ' |' : ' **exceeds** |'}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (values.format === 'json') process.stdout.write(`${JSON.stringify({ tolerances: TOLERANCES, rows })}\n`);
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

function compareOne(name, backend, reference, folder) {
  const seconds = [];
  const [found, wanted] = [backend, reference].map((one) => join(folder, one));
  for (const [one, file] of [[backend, found], [reference, wanted]]) {
    const since = performance.now();
    writeFileSync(file, '');
    const { status, signal, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--backend', one, '--one', name, '--file', file], { encoding: 'utf8', timeout: TIMEOUT_MS, env: { ...backendNamed(one).environment, ...process.env } });
    seconds.push((performance.now() - since) / 1000);
    if (status !== 0) return { name, ok: false, why: `${one}: ${signal ? `ended after ${seconds.at(-1).toFixed(0)} s (${signal})` : (stderr.split('\n').find((line) => /Error|reason/.test(line)) ?? `exit code ${status}`).slice(0, 160)}` };
  }
  const [a, b] = [readTensors(found), readTensors(wanted)];
  if (a.length !== b.length || a.some(({ length }, i) => length !== b[i].length)) return { name, ok: false, why: 'the tensors differ in number or length' };
  const errors = a.map((tensor, i) => errorOf(tensor, b[i]));
  const [ofAnswer, ...ofGradients] = errors;
  const most = Math.max(...ofGradients.map(({ largest }) => largest));
  const row = {
    name,
    seconds,
    weights: ofGradients.length,
    answer: ofAnswer.error / ofAnswer.largest,
    gradients: Math.max(...ofGradients.map(({ error }) => error)) / most,
    worst: Math.max(...ofGradients.map(({ error, largest }) => (largest > 0 ? error / largest : error === 0 ? 0 : Infinity))),
  };
  return { ...row, ok: most > 0 && Object.keys(TOLERANCES).every((what) => row[what] <= TOLERANCES[what]) };
}

function readTensors(file) {
  const bytes = readFileSync(file);
  const start = bytes.indexOf(0x0a) + 1;
  let at = start;
  return JSON.parse(bytes.subarray(0, start).toString()).map((length) => {
    const tensor = new Float32Array(bytes.buffer, bytes.byteOffset + at, length);
    at += 4 * length;
    return tensor;
  });
}

/** A value that is not finite makes the error infinite. */
function errorOf(a, b) {
  let error = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference < Infinity)) return { error: Infinity, largest: 1 };
    if (difference > error) error = difference;
    if (Math.abs(b[i]) > largest) largest = Math.abs(b[i]);
  }
  return { error, largest };
}
