// How near a fitted and regenerated trace comes to the trace: deviations in percent over 40 seeds. Needs dist/ (npm run build).
//
//     node scripts/fitted-traces.mjs TRACE [FORMAT]
import { stream } from '../dist/random/stream.js';
import { describe } from '../dist/trace/describe.js';
import { fitGamma } from '../dist/trace/fit.js';
import { fitMmppWindows } from '../dist/trace/fit-windows.js';
import { generators } from '../dist/trace/generators.js';
import { replay } from '../dist/trace/replay.js';

const SEEDS = 40;
const [file, format = 'azure-llm'] = process.argv.slice(2);
if (file === undefined) {
  console.error('a trace is needed: node scripts/fitted-traces.mjs TRACE [FORMAT]');
  process.exit(2);
}
const open = () => replay({ format, file }, {});
const ways = [
  ['gamma --window-s 10', 'fitted', async () => fitGamma(await open(), 10)],
  ['mmpp --window-s 60 --bin-s 0.5', 'fitted-mmpp', async () => fitMmppWindows(await open(), 60, 0.5)],
  ['mmpp --window-s 300 --bin-s 1', 'fitted-mmpp', async () => fitMmppWindows(await open(), 300, 1)],
];
const figures = {
  requests: (d) => d.requests,
  'CV of gaps': (d) => d.gaps.cv,
  'dispersion in 1 s': (d) => d.dispersion[0].index,
  'dispersion in 64 s': (d) => d.dispersion[3].index,
};
const real = await describe(await open());
for (const [name, process, fit] of ways) {
  const { windows } = await fit();
  const made = [];
  for (let seed = 1; seed <= SEEDS; seed++) made.push(await describe(generators[process].create({ windows }, stream(seed, 't'), Infinity)));
  console.log(name);
  for (const [figure, of] of Object.entries(figures)) {
    const off = made.map((d) => 100 * (of(d) / of(real) - 1));
    const mean = off.reduce((sum, v) => sum + v, 0) / SEEDS;
    const sd = Math.sqrt(off.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (SEEDS - 1));
    console.log(`  ${figure.padEnd(20)} mean ${mean.toFixed(1)} %, standard deviation ${sd.toFixed(1)}, from ${Math.min(...off).toFixed(1)} to ${Math.max(...off).toFixed(1)}`);
  }
}
