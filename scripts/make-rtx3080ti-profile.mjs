// Makes calibration/rtx3080ti.json and docs/profiles/rtx3080ti.md from calibration/published/corun-rtx3080ti.yaml.
// Usage: node scripts/make-rtx3080ti-profile.mjs [--out DIR]      DIR stands for the repository's root, which is the default
import { difference, fromEntries, readPublished, rounded, table, write, writeProfile } from './profiles/writing.mjs';

const published = readPublished('corun-rtx3080ti');

const MIB_PER_GIB = 1024;
const BYTES_PER_MIB = 1024 * 1024;

// ---------------------------------------------------------------------------------------------- what the source leaves open

const CV = 0.05; // spread of the solo time
const LOAD_MS = 3000;
const UNMEASURED_PROCESS_GIB = 1.62; // middle of the published 1.54 to 1.69
const MEMORY_STANDS_IN = { densenet121: 'densenet201', mobilenet_v3_small: 'mobilenet_v2' };
const INFERENCE_MODELS = [...published.combinations.models, 'yolov5s', 'deeplabv3_resnet50'];
/** The published training job whose closed-loop latencies stand in for each retraining job's. */
const NEAREST_TRAINING = {
  mobilenet_v3_small: { model: 'mobilenet_v2', batch: 'largest' },
  resnet50: { model: 'resnet152', batch: 8 },
  efficientnet_v2_l: { model: 'densenet201', batch: 2 },
};
const nearestName = (training) => {
  const { model, batch } = NEAREST_TRAINING[training];
  if (batch !== 'largest') return `${model} at batch ${batch}`;
  const { largest } = published.memory.frontier_beside_one_inference.rows.find((row) => row.training === model);
  return `${model} at batch ${largest}, the largest that fitted,`;
};
/** The job whose open-loop P95 gives the length of a slice, and the job whose published utilisation stands in for its own. */
const SLICE_FROM = { column: 'resnet152 b32', batch: 32, busyOf: 'resnet50' };

// --------------------------------------------------------------------------------------------------------------------- time

const P95_Z = 1.6448536269514722;
/** P95 of a lognormal factor with mean 1. */
const p95Factor = Math.exp(P95_Z * Math.sqrt(Math.log(1 + CV * CV)) - Math.log(1 + CV * CV) / 2);
const p95Alone = (model) => published.latency_p95_ms[model][0];
const soloMs = (model) => rounded(p95Alone(model) / p95Factor, 4);

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 ? sorted[half - 0.5] : (sorted[half - 1] + sorted[half]) / 2;
};

const busyOf = (training) => rounded(published.gpu_state[training].utilisation_percent[0] / 100, 4);
const sliceColumn = published.latency_p95_ms.columns.indexOf(SLICE_FROM.column);
const addedP95Ms = median(INFERENCE_MODELS.map((model) => published.latency_p95_ms[model][sliceColumn] - p95Alone(model)));
/** The wait is 0 with probability 1 − busy, else uniform on (0, length): its P95 is length × (1 − 0.05 / busy). */
const sliceLengthMs = addedP95Ms / (1 - 0.05 / busyOf(SLICE_FROM.busyOf));
const batchOf = (training) => published.training_batches.set_b[training];
const slice = (training) => ({
  busy: busyOf(training),
  length_ms: rounded(sliceLengthMs * Math.min(1, batchOf(training) / SLICE_FROM.batch), 3),
});

const CLOSED_LOOP_MODELS = ['yolov5s', 'alexnet'];
const closedLoopMs = (inference, training) => {
  const { model, batch } = NEAREST_TRAINING[training];
  return published.latency_mean_ms_beside_training[inference][model][published.latency_mean_ms_beside_training.batches.indexOf(batch)];
};
/**
 * The factor f with Π (f × solo + wait) = Π (measured closed-loop mean) over the two models: the geometric mean of what is
 * predicted over what was measured is 1. A quadratic equation. Never below 1.
 */
function factorBeside(training) {
  const { busy, length_ms } = slice(training);
  const wait = (busy * length_ms) / 2;
  const [a, b] = CLOSED_LOOP_MODELS.map(soloMs);
  const [observedA, observedB] = CLOSED_LOOP_MODELS.map((model) => closedLoopMs(model, training));
  const linear = wait * (a + b);
  const root = (Math.sqrt(linear * linear - 4 * a * b * (wait * wait - observedA * observedB)) - linear) / (2 * a * b);
  return rounded(Math.max(1, root), 4);
}

// ------------------------------------------------------------------------------------------------------------------- memory

const capacityMiB = Math.floor(published.accelerator.visible_gib * MIB_PER_GIB);
const fixedMiB = Math.round(published.memory.fixed_gib.value * MIB_PER_GIB);
const weightsMiB = (model) =>
  published.sizes.weights_mib[model] ?? (published.sizes_recalled.parameters[model] * 4) / BYTES_PER_MIB;

function processMiB(model) {
  const measured = published.memory.inference_process_gib[model] ?? published.memory.inference_process_gib[MEMORY_STANDS_IN[model]];
  if (measured !== undefined) return Math.round(measured * MIB_PER_GIB);
  return Math.round(UNMEASURED_PROCESS_GIB * MIB_PER_GIB + Math.max(0, weightsMiB(model) - weightsMiB('alexnet')));
}

/** The authors' note: weights + batch × activation of one image. */
const trainingMiB = (model, batch) => weightsMiB(model) + batch * published.sizes.activation_mib_per_image[model];

/** The most that a job whose activations are not published can take, given what ran. */
function mostTrainingMiB(training) {
  const largestProcesses = published.combinations.models.map(processMiB).sort((a, b) => b - a);
  const besideFour = capacityMiB - fixedMiB - largestProcesses.slice(0, published.combinations.largest).reduce((a, b) => a + b, 0);
  const besideOneInSetA = capacityMiB - fixedMiB - largestProcesses[0];
  const weights = weightsMiB(training);
  const scaled = weights + ((besideOneInSetA - weights) * batchOf(training)) / published.training_batches.set_a[training];
  return Math.floor(Math.min(besideFour, scaled));
}
const memoryOfTraining = (training) =>
  published.sizes.activation_mib_per_image[training] === undefined ? mostTrainingMiB(training) : Math.ceil(trainingMiB(training, batchOf(training)));

// ------------------------------------------------------------------------------------------------------------------ profile

const TRAINING_MODELS = ['mobilenet_v3_small', 'resnet50', 'efficientnet_v2_l'];
const epochs = published.epoch_s_by_inferences;
const perInference = published.latency_p95_ms_by_inferences;
const percent = (share) => `${rounded(share * 100, 2)} %`;

const profile = {
  schema: 'corun/profile@1',
  name: 'rtx3080ti',
  about:
    'One RTX 3080 Ti beside Corun’s retraining jobs, made from published measurements (not calibrated by us). docs/profiles/rtx3080ti.md sets it beside them.',
  accelerator: { name: published.accelerator.name, memory_mib: capacityMiB, fixed_mib: fixedMiB },
  source: [
    published.paper,
    'restated with a mark of origin each in calibration/published/corun-rtx3080ti.yaml; this file is made from it by `npm run profiles`',
    'epoch times by number of concurrent inferences, and GPU utilisation beside them: data of the authors’ released figures, exact',
    'P95 latency alone, beside training, and by number of concurrent inferences: read off a released pilot figure, ± 0.3 ms',
    'mean latency beside training, memory per process, out-of-memory frontier: the authors’ pilot logs',
  ],
  assumptions: [
    'That the paper’s GPU is the RTX 3080 Ti of the authors’ logs follows from the same memory clock in its profiles; that the epoch times by number of inferences belong to batches 128, 16 and 2 follows from file names and the solo epoch. Neither was read in the paper’s text.',
    `Solo latency: published is the P95 alone at 10 requests/s. Its mean and spread are not, so the solo time is taken as lognormal with a coefficient of variation of ${CV}, its mean chosen so that the P95 is the published one (mean = P95 / ${rounded(p95Factor, 4)}).`,
    'Slowdown by number of active inferences: yolov5s’s P95 with 1 to 4 request streams, each over its P95 with 1. The streams were sent in step, so this approximates full overlap; P95s stand in for means. All models are given the same curve, although a light model beside heavy ones was seen to suffer more (resnet50: 7.8 to 44.3 ms).',
    `Factor on inference while a job trains: such that this factor times the solo mean, plus the mean wait for a training slice, equals in geometric mean over yolov5s and alexnet the published closed-loop mean beside the nearest published job, and never below 1. Nearest: ${TRAINING_MODELS.map((t) => `${nearestName(t)} for ${t}`).join('; ')}.`,
    'That factor and the slowdown by number of inferences are multiplied: no latency with several inferences beside one of the three retraining jobs is published.',
    'Training slowdown: the published seconds per epoch over those with no inference. They were measured with inference processes busy back to back that drew their models at random; 3 inferences are interpolated. They hold the competition for the host’s CPU and the rise of the clock beside EfficientNetV2 as well.',
    `Added delay behind a training slice: uniform on 0 to length_ms with probability busy, so that its P95 is length × (1 − 0.05 / busy). busy is the published GPU utilisation of the job alone. The length comes from resnet152 at batch 32: median over ${INFERENCE_MODELS.length} models of the P95 beside it minus the P95 alone, ${rounded(addedP95Ms, 2)} ms; its own utilisation is not published, ResNet50’s (${percent(busyOf(SLICE_FROM.busyOf))}) stands in, which gives ${rounded(sliceLengthMs, 3)} ms. It is scaled by batch / 32 where that is below 1, because the published delays grow in proportion to the batch; that this holds across models is assumed. The slowdown of the compute is not taken out of the ${rounded(addedP95Ms, 2)} ms first, so the length is rather too long.`,
    'Server-side latencies exclude decoding and the network, so host_ms is absent: requests cost the host nothing here.',
    `Memory of an inference process: published for alexnet and yolov5s; densenet201’s stands for densenet121, mobilenet_v2’s for mobilenet_v3_small; all others ${UNMEASURED_PROCESS_GIB} GiB, the middle of the published range, plus the weights beyond alexnet’s ${weightsMiB('alexnet')} MiB (vgg16, efficientnet_v2_l). Most of these were measured with 448 px inputs.`,
    'Fixed memory holds the training process’s own context; it is taken whether or not a job trains.',
    'Memory of training: weights + batch × activation, the authors’ formula, for resnet50 at batch 16. The activations of the other two are not published; they get the most that is compatible with what ran: beside the four largest of the eight CNNs in these batches, and beside the largest one in the batches of set A (256 and 8), scaled to the batch. Upper limits.',
    `The time to start a worker is not published: ${LOAD_MS} ms. Neighbours of a loading worker are not slowed down, for want of data.`,
    'Batched inference was not measured: one image at a time.',
    'Domain: up to 4 inferences at once, beside none or one retraining job.',
  ],
  models: fromEntries(INFERENCE_MODELS, (model) => ({
    solo_ms: soloMs(model),
    spread: { distribution: 'lognormal', cv: CV },
    memory_mib: processMiB(model),
    load_ms: LOAD_MS,
  })),
  training: fromEntries(TRAINING_MODELS, (training) => ({
    batch: batchOf(training),
    epoch_s: epochs[training][0],
    memory_mib: memoryOfTraining(training),
    slice: slice(training),
  })),
  contention: {
    model: 'table',
    inference: { jobs: perInference.inferences, slowdown: perInference.yolov5s.map((ms) => ms / perInference.yolov5s[0]) },
    inference_beside_training: fromEntries(TRAINING_MODELS, factorBeside),
    training: fromEntries(TRAINING_MODELS, (training) => ({
      jobs: epochs.inferences,
      slowdown: epochs[training].map((seconds) => seconds / epochs[training][0]),
    })),
  },
};

// ---------------------------------------------------------------------------------------------------------------- its page

const ms = (value) => value.toFixed(1);
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const inferenceSlowdown = (n) => profile.contention.inference.slowdown[n - 1];
const p95Of = (model) => profile.models[model].solo_ms * p95Factor;
const meanBeside = (model, training) => {
  const { busy, length_ms } = profile.training[training].slice;
  return profile.contention.inference_beside_training[training] * profile.models[model].solo_ms + (busy * length_ms) / 2;
};
const fits = (mib) => (mib <= capacityMiB ? 'fits' : 'does not fit');
const gib = (mib) => (mib / MIB_PER_GIB).toFixed(2);

const epochRows = TRAINING_MODELS.flatMap((training) =>
  epochs.inferences.map((k, i) => {
    const ours = profile.training[training].epoch_s * profile.contention.training[training].slowdown[i];
    return [i === 0 ? `${training}, batch ${batchOf(training)}` : '', k, epochs[training][i], ours.toFixed(0), profile.contention.training[training].slowdown[i].toFixed(2)];
  }),
);

const frontier = published.memory.frontier_beside_one_inference;
const needMiB = (training, batch, process) => fixedMiB + (process ? processMiBOfFrontier(process) : 0) + trainingMiB(training, batch);
const processMiBOfFrontier = (model) => Math.round(published.memory.inference_process_gib[model] * MIB_PER_GIB);
const largestFrontierProcess = [...frontier.inference_models].sort((a, b) => processMiBOfFrontier(b) - processMiBOfFrontier(a))[0];
const smallestFrontierProcess = [...frontier.inference_models].sort((a, b) => processMiBOfFrontier(a) - processMiBOfFrontier(b))[0];
const frontierRows = frontier.rows
  .filter(({ training }) => published.sizes.weights_mib[training] !== undefined)
  .flatMap(({ training, largest, first_failure }) => [
    [training, largest, 'fits', gib(needMiB(training, largest, largestFrontierProcess)), fits(needMiB(training, largest, largestFrontierProcess))],
    ...(first_failure === null
      ? []
      : [['', first_failure, 'does not fit', gib(needMiB(training, first_failure, smallestFrontierProcess)), fits(needMiB(training, first_failure, smallestFrontierProcess))]]),
  ]);
const aloneRows = published.memory.frontier_alone.rows.map(({ training, batch, fits: fitted }) => [
  `${training}, no inference`,
  batch,
  fitted ? 'fits' : 'does not fit',
  gib(needMiB(training, batch)),
  fits(needMiB(training, batch)),
]);

const heldOutRows = ['deeplabv3_resnet50', 'resnet50', 'alexnet'].flatMap((model) =>
  perInference.inferences.flatMap((n, i) => {
    const theirs = perInference[model][i];
    if (n === 1 || theirs === null) return [];
    const ours = p95Of(model) * inferenceSlowdown(n);
    return [[model, n, ms(theirs), ms(ours), difference(ours, theirs)]];
  }),
);

const besideOne = published.epoch_s_beside_one;
const besideOneRows = TRAINING_MODELS.map((training) => {
  const [alone, ...beside] = besideOne[training];
  const ratios = beside.map((s) => s / alone);
  return [
    training,
    `${published.training_batches.set_a[training]}`,
    `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
    `${batchOf(training)}`,
    profile.contention.training[training].slowdown[1].toFixed(3),
  ];
});

const page = `# RTX 3080 Ti, from published measurements

<!-- Made by scripts/make-rtx3080ti-profile.mjs; edits are overwritten. -->

\`calibration/rtx3080ti.json\` describes the GPU of the Corun paper: ${published.accelerator.name}, ${published.accelerator.visible_gib} GiB visible.
Nobody calibrated it through this program. A script makes it from the measurements that the authors published, which are restated with a mark of origin each in
[\`calibration/published/corun-rtx3080ti.yaml\`](../../calibration/published/corun-rtx3080ti.yaml); \`npm run profiles\` makes it again, to the byte.

Source: ${published.paper}.

## Published and ours

What the profile was made from comes back from it.

### Epoch time by number of inferences, back to back

${table(['retraining job', 'inferences', 'published s', 'ours s', 'slowdown'], epochRows)}

Under an open request stream the neighbours are mostly idle, and the epoch grows less: E/E₀ = 1 / Σₙ P(n) / s(n), where P(n) is the share of time with n inferences active.

### P95 latency alone, at 10 requests/s

${table(
  ['model', 'published ms', 'ours ms', 'mean (assumed spread) ms'],
  INFERENCE_MODELS.map((model) => [model, ms(p95Alone(model)), ms(p95Of(model)), profile.models[model].solo_ms.toFixed(2)]),
)}

### P95 latency by number of inferences, no training: yolov5s

${table(
  ['inferences', 'published ms', 'ours ms', 'slowdown'],
  perInference.inferences.map((n, i) => [n, ms(perInference.yolov5s[i]), ms(p95Of('yolov5s') * inferenceSlowdown(n)), inferenceSlowdown(n).toFixed(2)]),
)}

### Mean latency beside training, back to back

One factor per retraining job, fitted to two models beside the nearest published job: it is right in geometric mean, not for each.

${table(
  ['retraining job', 'published beside', 'inference', 'published ms', 'ours ms', 'difference'],
  TRAINING_MODELS.flatMap((training) =>
    CLOSED_LOOP_MODELS.map((model) => {
      const theirs = closedLoopMs(model, training);
      return [training, nearestName(training).replace(/,$/, ''), model, theirs.toFixed(2), meanBeside(model, training).toFixed(2), difference(meanBeside(model, training), theirs)];
    }),
  ),
)}

| retraining job | factor | slice: busy | slice: longest wait, ms |
| --- | ---: | ---: | ---: |
${TRAINING_MODELS.map((t) => `| ${t} | ${profile.contention.inference_beside_training[t].toFixed(3)} | ${profile.training[t].slice.busy} | ${profile.training[t].slice.length_ms} |`).join('\n')}

### Memory: the largest training batch beside one inference process

Weights + batch × activation + process + fixed, against ${capacityMiB} MiB (${gib(capacityMiB)} GiB). What fitted is set beside the largest of the four published
processes (${largestFrontierProcess}), what failed beside the smallest (${smallestFrontierProcess}).

${table(['training', 'batch', 'published', 'ours GiB', 'ours'], [...frontierRows, ...aloneRows])}

deeplabv3 (8 fits, 16 does not) is left out: its backbone is not recorded.

${table(
  ['process', 'MiB'],
  [['fixed', fixedMiB], ...INFERENCE_MODELS.map((m) => [`inference ${m}`, profile.models[m].memory_mib]), ...TRAINING_MODELS.map((t) => [`retraining ${t}, batch ${batchOf(t)}`, profile.training[t].memory_mib])],
)}

## Against measurements that it was not made from

### P95 by number of inferences, other models

Which models ran together is not recorded. One curve for all models fits the heavy ones; the light ones depend on who is beside them,
and were seen both to suffer more (resnet50) and to get faster (alexnet). A table cannot tell those apart.

${table(['model', 'inferences', 'published ms', 'ours ms', 'difference'], heldOutRows)}

### Epoch growth beside one inference, other training batches

${table(['retraining job', 'batch', 'published E/E₀ over 8 models', 'our batch', 'ours'], besideOneRows)}

### P95 beside training at 10 requests/s

Published: P95 beside the job minus P95 alone, over the ${INFERENCE_MODELS.length} models.

${table(
  ['training job', 'least ms', 'median ms', 'most ms', 'models that got faster'],
  published.latency_p95_ms.columns.slice(1).map((column, i) => {
    const added = INFERENCE_MODELS.map((model) => published.latency_p95_ms[model][i + 1] - p95Alone(model));
    return [column, signed(Math.min(...added)), signed(median(added)), signed(Math.max(...added)), added.filter((d) => d < 0).length];
  }),
)}

None of these is one of the three retraining jobs, so the profile cannot be checked against them. What it adds to the P95 is on the cautious side of
deeplabv3_resnet50 at batch 8, and says nothing about vgg16: **do not carry these slices over to a heavier retraining job.**

## Assumed

${profile.assumptions.map((a) => `- ${a}`).join('\n')}
`;

writeProfile('calibration/rtx3080ti.json', profile);
write('docs/profiles/rtx3080ti.md', page);
