// Predicts again what npm run fidelity measured: the observations that are kept are fitted with the program as it is now, and set beside what was real then:
//   npm run build && node scripts/fidelity/again.mjs wasm|tfjs-node
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { BLOCK_MS } from '../../dist/calibration/measure/series.js';
import { runFit } from '../../dist/calibration/run-fit.js';
import { openPool } from '../../dist/experiment/pool.js';
import { atTheServer } from '../../dist/experiment/verify/at-the-server.js';
import { predict } from '../../dist/experiment/verify/predict.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { resolveAlternatives } from '../../dist/scenario/resolve.js';
import { decisions, loads, saturated } from './scenarios.mjs';

const SHOWN = ['throughput_rps', 'latency_mean_ms', 'latency_p50_ms', 'latency_p95_ms', 'epoch_s'];
/** The window of the form that was measured. */
const DURATION_S = { quick: 4, medium: 6, full: 10 };

const [backend = 'wasm'] = process.argv.slice(2);
const kept = join(fileURLToPath(new URL('../../calibration/measured/', import.meta.url)), backend);
const before = JSON.parse(readFileSync(join(kept, 'profile.json'), 'utf8'));
const measured = JSON.parse(readFileSync(join(kept, 'fidelity.json'), 'utf8'));
const [, form = 'full'] = /--(quick|medium)/.exec(measured.command) ?? [];
const { replications } = measured.loads;

/** What a fit cannot know is as it was: times of the host, of loading, and how many steps an epoch has. */
async function fitted() {
  const { profile } = await runFit(join(kept, 'observations.csv.gz'), { profileName: before.name, blockMs: BLOCK_MS, withoutEvaluation: true });
  for (const [model, about] of Object.entries(profile.models)) Object.assign(about, { host_ms: before.models[model].host_ms, load_ms: before.models[model].load_ms });
  for (const [job, about] of Object.entries(profile.training)) {
    const steps = (1000 * before.training[job].epoch_s) / before.training[job].step_ms;
    Object.assign(about, { step_ms: 1000 * about.epoch_s, epoch_s: steps * about.epoch_s });
  }
  return profile;
}

const folder = mkdtempSync(join(tmpdir(), 'corun-'));
const pool = openPool(1);
try {
  const profile = join(folder, 'profile.json');
  writeFileSync(profile, JSON.stringify(await fitted()));
  const throughput = (name) => measured.saturated.alternatives.find((one) => one.name === name).metrics.throughput_rps.real.median;
  const common = { profile, durationS: DURATION_S[form], seed: 1, capacityRps: throughput('saturated'), besideRps: throughput('saturated, retraining') };
  const percent = (value, real) => `${(100 * (value / real - 1)).toFixed(1)} %`;
  process.stdout.write(['alternative', 'metric', 'real', 'predicted then', '', 'now', ''].join('\t') + '\n');
  for (const [part, scenario] of Object.entries({ saturated: saturated(common), loads: loads(common), decisions: decisions(common) })) {
    const file = join(folder, `${part}.yaml`);
    writeFileSync(file, stringify(scenario));
    for (const given of await resolveAlternatives(await loadScenario(file))) {
      const { alternative } = atTheServer(given);
      const { metrics } = (await predict(alternative, replications, pool)).result;
      const then = measured[part].alternatives.find(({ name }) => name === alternative.name).metrics;
      for (const metric of SHOWN) {
        if (metrics[metric] === undefined || then[metric]?.predicted === undefined) continue;
        const real = then[metric].real.median;
        const values = [then[metric].predicted.mean, metrics[metric].mean];
        process.stdout.write([alternative.name, metric, real.toPrecision(4), ...values.flatMap((value) => [value.toPrecision(4), percent(value, real)])].join('\t') + '\n');
      }
    }
  }
} finally {
  await pool.close();
  rmSync(folder, { recursive: true });
}
