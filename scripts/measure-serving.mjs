// How much HTTP, policy and worker process add to calling the engine in a loop, and how much throughput they leave.
//   npm run build && node scripts/measure-serving.mjs [wasm|fake] [processes] [seconds] [input size]
// Bounded: it ends after about six times the seconds. The engine in a loop is what `predict` in a loop is, with the reading of its answer.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [backend = 'wasm', processes = '1', seconds = '5', size = backend === 'fake' ? '8' : '224'] = process.argv.slice(2);
const MODEL = 'mobilenet_v1_025';
const SOLO_MS = 10;
const [count, length, forMs] = [Number(processes), Number(size) ** 2 * 3, Number(seconds) * 1000];
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const program = () => ({ work: 'sleep', slowdown: [1], fixed_mib: 0, training: {}, device: mkdtempSync(join(tmpdir(), 'corun-fake-')), models: { [MODEL]: { solo_ms: SOLO_MS, load_ms: 0, memory_mib: 0, input: [8, 8, 3], classes: 10 } } });

/** Calls the engine back to back. */
async function loop() {
  const { engines } = await import('../dist/executor/engines.js');
  const options = backend === 'fake' ? program() : { models: { [MODEL]: { input_size: Number(size) } } };
  const model = await (await (await engines[backend]()).open({ options, accelerator: 0 })).load(MODEL);
  const image = Buffer.alloc(length, 7);
  for (let i = 0; i < 10; i++) await model.infer([image]);
  process.send('ready');
  await new Promise((go) => process.once('message', go));
  const tookMs = [];
  const beganMs = performance.now();
  while (performance.now() - beganMs < forMs) {
    const sinceMs = performance.now();
    await model.infer([image]);
    tookMs.push(performance.now() - sinceMs);
  }
  process.send({ tookMs, lastedMs: performance.now() - beganMs }, () => process.exit());
}

/** So many loops at once. */
async function bare(n) {
  const message = (child) => new Promise((heard) => child.once('message', heard));
  const children = Array.from({ length: n }, () => fork(fileURLToPath(import.meta.url), [backend, processes, seconds, size], { env: { ...process.env, CORUN_LOOP: '1' } }));
  await Promise.all(children.map(message));
  const told = children.map(message);
  for (const child of children) child.send('go');
  const all = await Promise.all(told);
  return { medianMs: median(all.flatMap(({ tookMs }) => tookMs)), rps: all.reduce((sum, { tookMs, lastedMs }) => sum + (1000 * tookMs.length) / lastedMs, 0) };
}

function serve() {
  let args = ['--model', `${MODEL}=${count}`, '--input-size', size];
  if (backend === 'fake') {
    const file = join(mkdtempSync(join(tmpdir(), 'corun-measure-')), 'scenario.yaml');
    writeFileSync(file, `schema: corun/scenario@1\nduration_s: 1\nworkload: [{ app: ${MODEL}, model: ${MODEL}, arrivals: { process: poisson, rate_rps: 1 } }]\nsites: [{ name: edge, accelerators: [{ profile: { models: { ${MODEL}: { solo_ms: ${SOLO_MS} } } } }] }]\ndispatch: { policy: fcfs, k: ${count} }\nplace: { policy: all-on-one, copies: ${count} }\n`);
    args = [file];
  }
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)), 'serve', ...args, '--backend', backend, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  return new Promise((ready, failed) => {
    child.once('close', (code) => failed(new Error(`serve ended with ${code}: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      const url = / at (http:\S+)/.exec((said += text))?.[1];
      if (url !== undefined) ready({ url, child });
    });
  });
}

/** So many clients, each with one connection, back to back. */
async function clients(url, n) {
  const agent = new Agent({ keepAlive: true, maxSockets: n });
  const head = Buffer.from(JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, Number(size), Number(size), 3], parameters: { binary_data_size: length } }], parameters: { binary_data_output: true } }));
  const body = Buffer.concat([head, Buffer.alloc(length, 7)]);
  const headers = { 'inference-header-content-length': head.length, 'content-type': 'application/octet-stream', 'content-length': body.length };
  const ask = () =>
    new Promise((done, failed) => {
      const sent = request(`${url}/v2/models/${MODEL}/infer`, { method: 'POST', agent, headers }, (answer) => answer.resume().on('end', () => (answer.statusCode === 200 ? done() : failed(new Error(`answered ${answer.statusCode}`)))));
      sent.on('error', failed).end(body);
    });
  for (let i = 0; i < 20; i++) await ask();
  const tookMs = [];
  const beganMs = performance.now();
  const one = async () => {
    while (performance.now() - beganMs < forMs) {
      const sinceMs = performance.now();
      await ask();
      tookMs.push(performance.now() - sinceMs);
    }
  };
  await Promise.all(Array.from({ length: n }, one));
  agent.destroy();
  return { medianMs: median(tookMs), rps: (1000 * tookMs.length) / (performance.now() - beganMs) };
}

if (process.env.CORUN_LOOP !== undefined) await loop();
else {
  const alone = await bare(1);
  const together = count === 1 ? alone : await bare(count);
  const { url, child } = await serve();
  const one = await clients(url, 1);
  const many = await clients(url, 4 * count);
  child.removeAllListeners('close');
  child.kill('SIGTERM');
  const shown = (value) => value.toFixed(2);
  console.log(`${backend}, ${MODEL} at ${size} pixels, ${count} processes, ${seconds} s each`);
  console.log(`median alone: loop ${shown(alone.medianMs)} ms, served ${shown(one.medianMs)} ms, overhead ${shown(one.medianMs - alone.medianMs)} ms`);
  console.log(`saturated: loops ${shown(together.rps)} images/s, served ${shown(many.rps)} images/s, ${shown((100 * many.rps) / together.rps)} %`);
}
