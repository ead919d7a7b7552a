// Streams traces larger than the memory that they may take, and says rows/s and the largest resident memory: node scripts/big-traces.mjs [GB]
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const gigabytes = Number(process.argv[2] ?? 10);
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'corun-big-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Writes a file of about so many bytes from blocks of rows. */
function write(name, header, block, bytes) {
  const file = join(folder, name);
  const out = openSync(file, 'w');
  writeSync(out, header);
  for (let i = 0, size = 0; size < bytes; i++) size += writeSync(out, block(i));
  closeSync(out);
  return file;
}

/** Reads a stream to its end in a process of its own, so that its memory is known. */
function read(title, open) {
  const program = `
    const { replay } = await import(${JSON.stringify(join(dist, 'trace/replay.js'))});
    const { generators } = await import(${JSON.stringify(join(dist, 'trace/generators.js'))});
    const { stream } = await import(${JSON.stringify(join(dist, 'random/stream.js'))});
    const arrivals = await (${open});
    const times = new Float64Array(4096), slos = new Float64Array(4096);
    const began = performance.now();
    let rows = 0;
    for (;;) { const n = await arrivals.read(times, slos); if (n === 0) break; rows += n; }
    const seconds = (performance.now() - began) / 1000;
    console.log((rows / 1e6).toFixed(1) + ' M requests, ' + (rows / 1e6 / seconds).toFixed(2) + ' M/s, at most ' + Math.round(process.resourceUsage().maxRSS / 1024) + ' MB');`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  process.stdout.write(`${title.padEnd(44)} ${status === 0 ? stdout : stderr}`);
}

const rows = (make) => {
  let n = 0;
  return () => {
    let text = '';
    for (let i = 0; i < 20_000; i++) text += make(n++);
    return text;
  };
};
const pad = (value, width) => String(value).padStart(width, '0');
const stamp = (ms) => `2023-11-${pad(1 + Math.floor(ms / 864e5) % 28, 2)} ${pad(Math.floor(ms / 36e5) % 24, 2)}:${pad(Math.floor(ms / 6e4) % 60, 2)}:${pad(Math.floor(ms / 1e3) % 60, 2)}.${pad(ms % 1000, 3)}0000`;

const own = write('own.csv', 'time_ms,app,slo_ms\n', rows((n) => `${n * 1.25},plants,250\n`), gigabytes * 1e9);
read(`corun-csv, ${(statSync(own).size / 1e9).toFixed(1)} GB`, `replay({ format: 'corun-csv', file: ${JSON.stringify(own)} }, {})`);
rmSync(own);
const llm = write('llm.csv', 'TIMESTAMP,ContextTokens,GeneratedTokens\n', rows((n) => `${stamp(n * 10)},4808,10\n`), 1e9);
read('azure-llm, 1 GB', `replay({ format: 'azure-llm', file: ${JSON.stringify(llm)} }, {})`);
rmSync(llm);
const hash = 'f'.repeat(64);
const functions = write('functions.csv', 'app,func,end_timestamp,duration\n', rows((n) => `${hash},${hash},${n / 64 + 0.134570018768},0.134\n`), 1e9);
read('azure-functions-2021, 1 GB', `replay({ format: 'azure-functions-2021', file: ${JSON.stringify(functions)} }, {})`);
read('the same, scaled and cut', `replay({ format: 'azure-functions-2021', file: ${JSON.stringify(functions)}, window: { from_s: 100 }, scale_rate: 1.5, scale_burstiness: 2 }, {})`);
rmSync(functions);
for (const [process_, options] of Object.entries({
  mmpp: { states: [{ rate_rps: 10, mean_s: 10 }, { rate_rps: 200, mean_s: 2 }], requests: 1e8 },
  'day-shape': { rate_rps: 100, shape: [1, 2, 5, 3], cv: 2, requests: 1e8 },
}))
  read(`100 million of ${process_}`, `generators[${JSON.stringify(process_)}].create(${JSON.stringify(options)}, stream(1, 'big'), Infinity)`);
