// What a pull costs those who ask meanwhile: npm run build && node scripts/measure-pull.mjs [MiB] [repetitions]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RepositoryClient } from '../dist/executor/repository/client.js';
import { Edge } from '../dist/executor/repository/edge.js';
import { RepositoryStore } from '../dist/executor/repository/store.js';
import { edgeOf, openServing } from '../dist/experiment/serving/open.js';
import { alternativeServed } from '../dist/experiment/serving/served.js';

const [mib = '91', repetitions = '11'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'corun-measure-pull-'));
const at = (name) => join(folder, name);
const weights = (fill) => {
  writeFileSync(at('weights.bin'), Buffer.alloc(Number(mib) * 2 ** 20, fill));
  return at('weights.bin');
};
writeFileSync(
  at('scenario.yaml'),
  `schema: corun/scenario@1
duration_s: 10
workload: [{ app: a, model: m, arrivals: { process: poisson, rate_rps: 1 } }]
sites: [{ name: edge, accelerators: [{ profile: { models: { m: { solo_ms: 10 } } } }] }]
repository: { models: [{ model: m, size_mib: 1 }] }
alternatives: [{ name: edge, place: modi, dispatch: fcfs }]
`,
);
const store = new RepositoryStore(at('repository'));
await store.publish('m', weights(0));
// A process of its own, as it is elsewhere.
const manager = spawn(process.execPath, [fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)), 'repository', 'serve', at('repository'), '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
const url = await new Promise((ready) => {
  let said = '';
  manager.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
    const found = / at (http:\S+)/.exec(said)?.[1];
    if (found !== undefined) ready(found);
  });
});
const alternative = await alternativeServed({ scenario: at('scenario.yaml'), set: [] });
const events = [];
const edge = await Edge.open(new RepositoryClient(url), at('storage'), { ...edgeOf(alternative), pollMs: 20, tell: (_level, event) => events.push({ event, ms: performance.now() }) });
const executor = await openServing(alternative, { backend: 'fake', models: {}, edge });
await executor.begin();
const image = new Uint8Array(192);
const ask = () => {
  const sinceMs = performance.now();
  return new Promise((ended) => executor.submit(0, image, Infinity, () => ended(performance.now() - sinceMs)));
};
const during = [];
const alone = [];
const pulls = [];
for (let i = 1; i <= Number(repetitions); i++) {
  for (let n = 0; n < 50; n++) alone.push(await ask());
  events.length = 0;
  const file = weights(i);
  // The one that publishes is elsewhere too.
  await new Promise((ended) => spawn(process.execPath, [fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)), 'repository', 'publish', 'm', file, '--into', at('repository')], { stdio: 'ignore' }).on('close', ended));
  const time = (event) => events.find((one) => one.event === event)?.ms;
  while (time('published') === undefined) await ask();
  while (time('pulled') === undefined) during.push(await ask());
  pulls.push(time('pulled') - time('published'));
  while (!executor.control.workers.some(({ version, state }) => version === i + 1 && state === 1)) await ask();
}
const of = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))].toFixed(1);
console.log(`a pull of ${mib} MiB: median ${of(pulls, 0.5)} ms, longest ${of(pulls, 1)} (${pulls.length} pulls)`);
console.log(`a request alone: median ${of(alone, 0.5)} ms, P95 ${of(alone, 0.95)}, longest ${of(alone, 1)} (${alone.length})`);
console.log(`a request during a pull: median ${of(during, 0.5)} ms, P95 ${of(during, 0.95)}, longest ${of(during, 1)} (${during.length})`);
await executor.stop(1000);
manager.kill();
rmSync(folder, { recursive: true });
process.exit();
