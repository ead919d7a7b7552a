// Calibrates a backend, holds predictions against reality on traffic that the calibration never saw, and writes docs/fidelity.md:
//   npm run fidelity -- --backend wasm|tfjs-node [--quick] [--page]
// About 25 minutes, with --quick about 10; nothing else should run meanwhile. --page only writes the page from what was measured before.
// What is measured stays in calibration/measured/BACKEND: profile, observations, results. A calibration that was begun goes on.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { fidelityPage } from '../dist/report/verify/fidelity-page.js';
import { decisions, loads, MODELS, saturated } from './fidelity/scenarios.mjs';

const { values: options } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' }, quick: { type: 'boolean', default: false }, page: { type: 'boolean', default: false } } });
const { backend, quick } = options;
const root = fileURLToPath(new URL('../', import.meta.url));
const kept = join(root, 'calibration/measured');
const work = join(root, 'out/fidelity', backend);
const { runs, replications, windowS, budgetS } = quick ? { runs: 3, replications: 10, windowS: 6, budgetS: 200 } : { runs: 5, replications: 20, windowS: 12, budgetS: 290 };
const NOISY = 1;

/** Runs the built program; its progress is shown. */
function corun(...args) {
  process.stderr.write(`corun ${args.join(' ')}\n`);
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
  return { status, stdout };
}

const models = ['--input-size', String(MODELS.inputSize), '--classes', String(MODELS.classes)];

function calibrate() {
  const out = join(work, 'calibration');
  const args = ['calibrate', '--backend', backend, '--models', ...MODELS.answering, '--training', MODELS.learning, '--training-images', String(MODELS.images), ...models, '--preset', 'quick', '--max-jobs', '2', '--load', '60', '--budget-s', String(budgetS), '--out', out, '--format', 'json'];
  let { status } = corun(...args);
  if (status === NOISY) ({ status } = corun(...args, '--accept-noise'));
  if (status !== 0) throw new Error(`calibrate ended with ${status}`);
  return out;
}

function verify(name, scenario) {
  const file = join(work, `${name}.yaml`);
  writeFileSync(file, stringify(scenario));
  const { status, stdout } = corun('verify', file, '-b', backend, ...models, '--runs', String(runs), '--replications', String(replications), '--out', join(work, name), '--format', 'json');
  if (status !== 0 && stdout === '') throw new Error(`verify ended with ${status}`);
  // A path of this machine is of no use to others.
  return { ...JSON.parse(stdout), scenario: `${name}.yaml`, command: undefined };
}

function measure() {
  mkdirSync(work, { recursive: true });
  const calibration = calibrate();
  const common = { profile: join(calibration, 'profile.json'), durationS: windowS, seed: 1 };
  const full = verify('saturated', saturated(common));
  const capacityOf = (name) => full.alternatives.find((one) => one.name === name).metrics.throughput_rps.real.median;
  const [capacityRps, besideRps] = [capacityOf('saturated'), capacityOf('saturated, retraining')];
  const open = verify('loads', loads({ ...common, capacityRps, besideRps }));
  const decided = verify('decisions', decisions({ ...common, capacityRps }));

  const folder = join(kept, backend);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(calibration, 'profile.json'), join(folder, 'profile.json'));
  writeFileSync(join(folder, 'observations.csv.gz'), gzipSync(readFileSync(join(calibration, 'observations.csv'))));
  const { noise, observations } = JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8')).calibration;
  const fidelity = {
    backend,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run fidelity -- --backend ${backend}${quick ? ' --quick' : ''}`,
    profile: { file: `calibration/measured/${backend}/profile.json`, rows: observations.rows, spreadPercent: 100 * noise.spread, driftPercent: 100 * noise.drift, quiet: noise.quiet },
    saturated: full,
    loads: open,
    decisions: decided,
  };
  writeFileSync(join(folder, 'fidelity.json'), `${JSON.stringify(fidelity, undefined, 1)}\n`);
}

if (!options.page) measure();
const measured = existsSync(kept) ? readdirSync(kept).sort().map((name) => JSON.parse(readFileSync(join(kept, name, 'fidelity.json'), 'utf8'))) : [];
const reasonsOf = (name) => join(root, 'scripts/fidelity/reasons', `${name}.md`);
const reasons = Object.fromEntries(measured.flatMap((one) => (existsSync(reasonsOf(one.backend)) ? [[one.backend, readFileSync(reasonsOf(one.backend), 'utf8')]] : [])));
writeFileSync(join(root, 'docs/fidelity.md'), fidelityPage(measured, reasons));
