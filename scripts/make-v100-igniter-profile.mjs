// Makes calibration/v100-igniter.json and docs/profiles/v100-igniter.md from calibration/published/igniter-v100.yaml.
// Usage: npm run build && node scripts/make-v100-igniter-profile.mjs [--out DIR]      DIR stands for the repository's root, which is the default
import { igniterActiveMs, igniterPredict } from '../dist/contention/igniter.js';
import { difference, fromEntries, readPublished, rounded, table, write, writeProfile } from './profiles/writing.mjs';

const published = readPublished('igniter-v100');
const MODELS = Object.keys(published.models);

// ---------------------------------------------------------------------------------------------- what the source leaves open

const PLAN = published.plans.rows[0];
/** What the published plan leaves of the GPU goes to the fourth model, in the batch of the listed predictions. */
const LEFT = { ssd: { share_percent: 100 - PLAN.reduce((sum, { share_percent }) => sum + share_percent, 0), batch: 3 } };
const BATCHES = [1, 2, 4, 8, 16, 32];

const { scheduling_ms_per_kernel: scheduling } = published.gpu;
const gpu = {
  clock_mhz: published.gpu.clock_mhz,
  power_cap_w: published.gpu.power_cap_w,
  idle_power_w: published.gpu.idle_power_w,
  pcie_bytes_per_ms: published.gpu.pcie_bytes_per_ms,
  clock_mhz_per_w: published.gpu.clock_mhz_per_w,
  scheduling: { per_workload_ms: scheduling.per_workload, base_ms: scheduling.base },
};
const settingOf = (model) => {
  const { share_percent, batch } = PLAN.find((w) => w.model === model) ?? LEFT[model];
  return { share_percent, batch };
};
const workload = (model, batch, share_percent) => ({ model: published.models[model], batch, share_percent });
const shareOf = (model) => settingOf(model).share_percent;
const aloneMs = (model, batch) => igniterPredict(gpu, [workload(model, batch, shareOf(model))])[0].latencyMs;

const profile = {
  schema: 'corun/profile@1',
  name: 'v100-igniter',
  about: 'One V100 whose inferences have fixed shares, with iGniter’s published coefficients (not calibrated by us). docs/profiles/v100-igniter.md sets it beside what was published.',
  accelerator: { name: published.accelerator.name, memory_mib: published.accelerator.memory_gib * 1024 },
  source: [
    published.paper,
    'restated with a mark of origin each in calibration/published/igniter-v100.yaml; this file is made from it by `npm run profiles`',
    'kernels, bytes, solo latencies: the authors’ released data; coefficients: their released program run on these data',
  ],
  assumptions: [
    `Shares: ${PLAN.map((w) => `${w.model} ${w.share_percent} % (batch ${w.batch})`).join(', ')} as in a plan that the authors’ program made for one GPU; ssd gets the rest, ${LEFT.ssd.share_percent} % (batch ${LEFT.ssd.batch}), which is ours. These stand where a placement gives no shares; one that does (place: igniter) gets the formula’s times at its own.`,
    `Solo times are those of the fitted formula at these shares, not measured ones: measured were 10, 50 and 100 %. They hold upload, scheduling, compute and read-back of a batch.`,
    'Slowdowns are taken at the batch of each model above, whatever batch is served.',
    'Times are means; the spread of single requests is not published, so there is none.',
    'Memory: 16 GiB is the nominal size of this GPU. What a process takes, and how long a model loads, is not published: 0, so memory is never a limit here.',
    'Training was not measured: there is no retraining job.',
    `Host time is not published: 0. Power: ${gpu.idle_power_w} W idle, ${gpu.power_cap_w} W cap; a model’s own power is a line over its active images per second (contention.models).`,
    `Domain: up to ${published.gpu.most_copies} processes with shares up to 100 % together.`,
  ],
  models: fromEntries(MODELS, (model) => ({
    solo_ms: rounded(aloneMs(model, 1), 4),
    batches: { size: BATCHES, mean_ms: BATCHES.map((b) => rounded(aloneMs(model, b), 4)) },
  })),
  contention: {
    model: 'igniter',
    gpu,
    models: fromEntries(MODELS, (model) => ({ ...settingOf(model), ...published.models[model] })),
    most_workloads: published.gpu.most_copies,
  },
  shares: { percent: Array.from({ length: 100 / published.gpu.share_unit_percent }, (_, i) => (i + 1) * published.gpu.share_unit_percent) },
};

// ---------------------------------------------------------------------------------------------------------------- its page

const soloRows = MODELS.map((model) => {
  const errors = published.solo_ms.batches.flatMap((batch, i) =>
    published.solo_ms.shares_percent.map((share, j) => {
      const ours = published.models[model].idle_ms + igniterActiveMs(workload(model, batch, share));
      return Math.abs(ours / published.solo_ms[model][i][j] - 1) * 100;
    }),
  );
  const theirs = published.solo_fit_error_percent[model];
  return [model, (errors.reduce((a, b) => a + b, 0) / errors.length).toFixed(1), Math.max(...errors).toFixed(1), theirs.mean, theirs.most];
});

const predictionRows = published.predictions.rows.flatMap((row) => {
  const share = row.vgg19_share_percent;
  const ours = igniterPredict(gpu, [workload('vgg19', 3, share), workload('ssd', 3, 100 - share)]);
  return ['vgg19', 'ssd'].map((model, i) => [
    model,
    i === 0 ? share : 100 - share,
    row[model][0].toFixed(2),
    ours[i].latencyMs.toFixed(2),
    row[model][1].toFixed(1),
    ours[i].throughputRps.toFixed(1),
    difference(ours[i].latencyMs, row[model][0]),
  ]);
});

const planRows = published.plans.rows.flatMap((plan) => {
  const ours = igniterPredict(gpu, plan.map((w) => workload(w.model, w.batch, w.share_percent)));
  return plan.map((w, i) => [w.model, w.share_percent, w.batch, w.slo_ms / 2, ours[i].latencyMs.toFixed(2), w.rate_rps, ours[i].throughputRps.toFixed(0)]);
});

const slowdown = (model, neighbours, batch = settingOf(model).batch) => {
  const own = workload(model, batch, shareOf(model));
  const others = neighbours.map((name) => workload(name, settingOf(name).batch, shareOf(name)));
  return igniterPredict(gpu, [own, ...others])[0].latencyMs / igniterPredict(gpu, [own])[0].latencyMs;
};
const others = (model) => MODELS.filter((name) => name !== model);

const page = `# V100, from what was published with iGniter

<!-- Made by scripts/make-v100-igniter-profile.mjs; edits are overwritten. -->

\`calibration/v100-igniter.json\` describes ${published.accelerator.name} serving four models that each have a fixed share of its processors.
Nobody calibrated it through this program. A script makes it from what the authors published, restated with a mark of origin each in
[\`calibration/published/igniter-v100.yaml\`](../../calibration/published/igniter-v100.yaml); \`npm run profiles\` makes it again, to the byte.

Source: ${published.paper}. The formula: [contention model \`igniter\`](../contention/igniter.md).

## What is in it

${table(
  ['model', 'share %', 'batch', 'solo ms, batch 1', 'solo ms, batch 32', 'slowdown beside the other three', 'least and most beside one'],
  MODELS.map((model) => {
    const beside = others(model).map((name) => slowdown(model, [name]));
    return [
      model,
      settingOf(model).share_percent,
      settingOf(model).batch,
      profile.models[model].solo_ms.toFixed(2),
      profile.models[model].batches.mean_ms.at(-1).toFixed(2),
      slowdown(model, others(model)).toFixed(3),
      `${Math.min(...beside).toFixed(3)}, ${Math.max(...beside).toFixed(3)}`,
    ];
  }),
)}

Shares keep neighbours apart, so slowdowns are small beside those of time slicing ([rtx3080ti](rtx3080ti.md)). They are taken at the batch of the table; beside the other three they would be:

${table(
  ['model', 'at batch 1', 'at batch 8', 'at batch 32'],
  MODELS.map((model) => [model, ...[1, 8, 32].map((batch) => slowdown(model, others(model), batch).toFixed(3))]),
)}

## Published and ours

### Predictions of the authors' program: VGG-19 beside SSD, both in batches of 3

${table(['model', 'share %', 'theirs ms', 'ours ms', 'theirs /s', 'ours /s', 'difference'], predictionRows)}

### Plans of the authors' program, and what we predict for them

Its budget is half the SLO. A plan that it chose has to hold within that, and does.

${table(['model', 'share %', 'batch', 'half the SLO, ms', 'ours ms', 'rate /s', 'ours /s'], planRows)}

### Fitted against measured solo times

Absolute error in percent over nine points each (batches 1, 16, 32 at 10, 50, 100 % of the GPU). What is set beside it is the authors' own figure; it uses the clock that was measured at each
point, which is not restated here.

${table(['model', 'mean, ours', 'most, ours', 'mean, theirs', 'most, theirs'], soloRows)}

This is the floor of the model's error: what co-location adds comes on top, and its publication gives it in figures that we do not have.

## Assumed

${profile.assumptions.map((a) => `- ${a}`).join('\n')}
`;

writeProfile('calibration/v100-igniter.json', profile);
write('docs/profiles/v100-igniter.md', page);
