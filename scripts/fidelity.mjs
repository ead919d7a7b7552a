// Calibrates a backend, holds predictions against reality on traffic that the calibration never saw, and writes docs/fidelity.md:
//   npm run fidelity -- --backend wasm|tfjs-node [--quick|--medium] [--page] [--continue]
// It says how long it takes; nothing else should run meanwhile. What other programs disturb is measured again, and it does not begin while they
// are at work. --page only writes the page from what was measured before; --continue goes on with a calibration that was interrupted.
// What is measured stays in calibration/measured/BACKEND: profile, observations, results.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { othersBusy, quietFromOthers } from '../dist/executor/host/others.js';
import { fidelityPage } from '../dist/report/verify/fidelity-page.js';
import { decisions, loads, MODELS, saturated } from './fidelity/scenarios.mjs';

const flag = { type: 'boolean', default: false };
const { values: options } = parseArgs({ options: { backend: { type: 'string', default: 'wasm' }, quick: flag, medium: flag, page: flag, continue: flag } });
const { backend } = options;
const root = fileURLToPath(new URL('../', import.meta.url));
const kept = join(root, 'calibration/measured');
const work = join(root, 'out/fidelity', backend);

/** Real runs of each alternative, simulated ones, the window of a run, and what the calibration may take. An epoch needs a window of some steps. */
const forms = {
  quick: { runs: 3, replications: 10, windowS: 4, budgetS: 240 },
  medium: { runs: 3, replications: 15, windowS: 6, budgetS: 420 },
  full: { runs: 5, replications: 20, windowS: 10, budgetS: 600 },
};
const form = options.quick ? 'quick' : options.medium ? 'medium' : 'full';
const { runs, replications, windowS, budgetS } = forms[form];
const NOISY = 1;
/** Percent of the processors that others may take. What moves this machine's numbers by a percent is less; its own accounting is not finer. */
const OTHERS_LIMIT = 10;
/** Before the beginning, and between two parts. */
const WAIT_S = { begin: 60, between: 300 };
/** Of the second calibration, where the first was noisy. */
const CALIBRATIONS = 2;
/** Starting processes, warming them up, letting the last requests end; and simulating, at all loads that are tried for the load-equivalent error. */
const PER_RUN_S = 12;
const SIMULATING_S = 60;

const say = (text) => void process.stderr.write(`${text}\n`);
const clock = () => new Date().toTimeString().slice(0, 8);

/** Waits until others are quiet, a second at least. @returns false if they were not for so long */
async function waitForQuiet(longestS, when) {
  const busy = othersBusy();
  if (await quietFromOthers(OTHERS_LIMIT / 100, 1000 * longestS)) return true;
  const share = busy();
  say(`${clock()} ${when}: other programs, or other guests of this host, have taken ${share === undefined ? 'part' : `${(100 * share).toFixed(0)} %`} of the ${cpus().length} processors for ${longestS} s (load average ${loadavg()[0].toFixed(2)})`);
  return false;
}

/** Runs the built program; its progress is shown. */
function corun(...args) {
  say(`${clock()} corun ${args.join(' ')}`);
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
  return { status, stdout };
}

const models = ['--input-size', String(MODELS.inputSize), '--classes', String(MODELS.classes)];
const others = ['--others-limit', String(OTHERS_LIMIT)];

/** Calibrates, a second time where the machine was noisy; of two noisy calibrations the less noisy one is accepted, labelled. @returns its folder */
async function calibrate() {
  const tried = [];
  for (let i = 1; i <= CALIBRATIONS; i++) {
    await waitForQuiet(WAIT_S.between, 'before calibrating');
    const out = join(work, `calibration-${i}`);
    // Often and shortly: what disturbs this machine lasts half a minute, and takes one repetition of a cell then, not half of what is known of it.
    const args = ['calibrate', '--backend', backend, '--models', ...MODELS.answering, '--training', MODELS.learning, '--training-images', String(MODELS.images), ...models, '--preset', 'quick', '--max-jobs', '2', '--load', '10', '40', '--repeats', '4', '--precision', '0.04', '--budget-s', String(budgetS), ...others, '--out', out, '--format', 'json'];
    const { status, stdout } = corun(...args);
    if (status === 0) return out;
    if (status !== NOISY) throw new Error(`calibrate ended with ${status}; with --continue it goes on from what was measured`);
    const { noise } = JSON.parse(stdout);
    say(`${clock()} the calibration was noisy: ${noise.because}`);
    tried.push({ args, out, noise });
  }
  const over = ({ spread, repeated, limits }) => Math.max(spread / limits.spread, (repeated?.spread ?? 0) / limits.spread / 2);
  const { args, out } = tried.sort((a, b) => over(a.noise) - over(b.noise))[0];
  const { status } = corun(...args, '--accept-noise');
  if (status !== 0) throw new Error(`calibrate ended with ${status}`);
  return out;
}

async function verify(name, scenario) {
  await waitForQuiet(WAIT_S.between, `before ${name}`);
  const file = join(work, `${name}.yaml`);
  writeFileSync(file, stringify(scenario));
  const { status, stdout } = corun('verify', file, '-b', backend, ...models, '--runs', String(runs), '--replications', String(replications), ...others, '--out', join(work, name), '--format', 'json');
  if (stdout === '') throw new Error(`verify ended with ${status}`);
  // A path of this machine is of no use to others.
  return { ...JSON.parse(stdout), scenario: `${name}.yaml`, command: undefined };
}

/** Minutes, if nothing disturbs. */
function expectedMinutes() {
  const any = { profile: '', durationS: windowS, seed: 1, capacityRps: 1, besideRps: 1 };
  const alternatives = [saturated, loads, decisions].reduce((sum, scenario) => sum + scenario(any).alternatives.length, 0);
  return Math.ceil((budgetS + runs * alternatives * (windowS + PER_RUN_S) + SIMULATING_S) / 60);
}

async function measure() {
  say(`${clock()} fidelity of ${backend}, ${form}: about ${expectedMinutes()} minutes, more where cells and runs are disturbed and measured again; up to ${Math.ceil(budgetS / 60)} more if the first calibration is noisy`);
  if (!(await waitForQuiet(WAIT_S.begin, 'not begun'))) {
    say('Nothing was measured. End other programs, or wait for them, and start again.');
    process.exit(1);
  }
  const sinceMs = performance.now();
  if (!options.continue) rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const calibration = await calibrate();
  const common = { profile: join(calibration, 'profile.json'), durationS: windowS, seed: 1 };
  const full = await verify('saturated', saturated(common));
  const capacityOf = (name) => full.alternatives.find((one) => one.name === name).metrics.throughput_rps.real.median;
  const [capacityRps, besideRps] = [capacityOf('saturated'), capacityOf('saturated, retraining')];
  const open = await verify('loads', loads({ ...common, capacityRps, besideRps }));
  const decided = await verify('decisions', decisions({ ...common, capacityRps }));

  const folder = join(kept, backend);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(calibration, 'profile.json'), join(folder, 'profile.json'));
  writeFileSync(join(folder, 'observations.csv.gz'), gzipSync(readFileSync(join(calibration, 'observations.csv'))));
  const { noise, observations } = JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8')).calibration;
  const fidelity = {
    backend,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run fidelity -- --backend ${backend}${form === 'full' ? '' : ` --${form}`}`,
    profile: { file: `calibration/measured/${backend}/profile.json`, rows: observations.rows, spreadPercent: 100 * noise.spread, driftPercent: 100 * noise.drift, quiet: noise.verdict === 'quiet' },
    saturated: full,
    loads: open,
    decisions: decided,
  };
  writeFileSync(join(folder, 'fidelity.json'), `${JSON.stringify(fidelity, undefined, 1)}\n`);
  say(`${clock()} done after ${Math.round((performance.now() - sinceMs) / 60_000)} minutes`);
}

if (!options.page) await measure();
const measured = existsSync(kept) ? readdirSync(kept).sort().map((name) => JSON.parse(readFileSync(join(kept, name, 'fidelity.json'), 'utf8'))) : [];
const reasonsOf = (name) => join(root, 'scripts/fidelity/reasons', `${name}.md`);
const reasons = Object.fromEntries(measured.flatMap((one) => (existsSync(reasonsOf(one.backend)) ? [[one.backend, readFileSync(reasonsOf(one.backend), 'utf8')]] : [])));
writeFileSync(join(root, 'docs/fidelity.md'), fidelityPage(measured, reasons));
