// Makes calibration/ekya-16gib.json and docs/profiles/ekya-16gib.md from calibration/published/ekya-16gib.yaml.
// Usage: node scripts/make-ekya-16gib-profile.mjs [--out DIR]      DIR stands for the repository's root, which is the default
import { difference, readPublished, rounded, table, write, writeProfile } from './profiles/writing.mjs';

const published = readPublished('ekya-16gib');
const { stress, beside_training: beside, load_s: loads } = published;
const RUNS = ['run6', 'run7'];
const MODEL = stress.model;
const EVALUATION = `${MODEL}-evaluation`;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 ? sorted[half - 0.5] : (sorted[half - 1] + sorted[half]) / 2;
};
/** Ordinary least squares. */
function line(x, y) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const slope = x.reduce((sum, v, i) => sum + (v - mean(x)) * (y[i] - mean(y)), 0) / x.reduce((sum, v) => sum + (v - mean(x)) * (v - mean(x)), 0);
  return { slope, intercept: mean(y) - slope * mean(x) };
}
const pooled = (phase) => RUNS.flatMap((run) => beside[run][phase]);
/** Passes beside a training process in this phase over passes alone: medians of both recordings together. */
const factor = (phase, runs = RUNS) => median(runs.flatMap((run) => beside[run][phase])) / median(runs.flatMap((run) => beside[run].solo));

const slowdown = stress.steady.median_ms.map((ms) => ms / stress.steady.median_ms[0]);
const memory = line(stress.jobs, stress.steady.memory_mib);
const [fixedMiB, processMiB] = [Math.round(memory.intercept), Math.round(memory.slope)];

/** Loading beside 0 was not seen: the line through the first six. */
const LOADS_ON_THE_LINE = 6;
const loadLine = line(loads.beside.slice(0, LOADS_ON_THE_LINE), loads.seconds.slice(0, LOADS_ON_THE_LINE));
const loadAloneS = rounded(loadLine.intercept, 2);
/** Weighted by passes, in geometric mean, over all numbers of jobs. */
const besideLoading = rounded(
  Math.exp(
    stress.loading.median_ms.reduce((sum, ms, i) => sum + stress.loading.passes[i] * Math.log(ms / stress.steady.median_ms[i]), 0) / stress.loading.passes.reduce((a, b) => a + b, 0),
  ),
  4,
);
const trainS = median(pooled('train_s'));
const evaluateS = median(pooled('evaluate_s'));

const profile = {
  schema: 'corun/profile@1',
  name: 'ekya-16gib',
  about: 'The 16 GiB GPU of Ekya’s stress run, made from published raw logs (not calibrated by us). docs/profiles/ekya-16gib.md sets it beside them.',
  accelerator: { name: published.accelerator.name, memory_mib: published.accelerator.visible_mib, fixed_mib: fixedMiB },
  source: [
    published.paper,
    'aggregated in calibration/published/ekya-16gib.yaml with a mark of origin each; this file is made from it by `npm run profiles`',
    'slowdown by number of inferences, memory: 1 to 12 identical processes kept busy; inference beside training: two recordings of one process each',
  ],
  assumptions: [
    `One request is a pass over ${stress.images_per_pass} CIFAR images with ResNet18: that is what was timed. Nothing is known of a single image, so latencies here are those of passes, and no P95 of a request follows from them.`,
    `Solo time: the mean of ${stress.steady.passes[0]} passes alone; its spread is taken as lognormal with their coefficient of variation, ${stress.steady.cv_alone}.`,
    `Slowdown by number of inferences: the median over ${stress.jobs.length} numbers of processes, each over the median alone. All models would be given this curve.`,
    `Factor on inference beside training: ${rounded(factor('train'), 3)} while the job trains and ${rounded(factor('evaluate'), 3)} while it evaluates, as two retraining models (${MODEL} and ${EVALUATION}); a job that alternates lies between. Medians of ${pooled('train').length} and ${pooled('evaluate').length} passes of two recordings, over ${pooled('solo').length} alone, of passes over ${beside.images_per_pass} images. That this is the GPU of the stress run is not recorded.`,
    'That factor and the slowdown by number of inferences are multiplied: several inferences beside training were not measured.',
    `An epoch is here one of the recorded phases: median ${trainS} s of training, ${evaluateS} s of evaluation. There was always an inference process beside it, busy about a sixth of the time; training alone was not measured, nor training beside inferences that are always busy. So no slowdown of training is claimed: whatever runs beside inference is labelled as outside the measured domain (a scenario has to allow it).`,
    `Memory: least squares through the medians at 1 to ${stress.jobs.length} processes. What of the fixed part belongs to other users of the GPU is not recorded. The training process's is not recorded; an inference process's stands in.`,
    `Loading: the time alone, ${loadAloneS} s, is the intercept of a line through loads beside 1 to ${LOADS_ON_THE_LINE} processes; its slowdown beside 1 to ${loads.beside.length} was measured. Neighbours of a loading worker: ${besideLoading}, in geometric mean over all numbers of jobs (from ${rounded(Math.min(...ratios()), 2)} to ${rounded(Math.max(...ratios()), 2)}), weighted by passes.`,
    'Host time is not known: 0. Batches were not varied.',
    `Domain: up to ${stress.jobs.length} inferences at once; beside a training phase one.`,
  ],
  models: {
    [MODEL]: {
      solo_ms: stress.steady.mean_ms[0],
      spread: { distribution: 'lognormal', cv: stress.steady.cv_alone },
      memory_mib: processMiB,
      load_ms: Math.round(loadAloneS * 1000),
    },
  },
  training: {
    [MODEL]: { batch: beside.training.batch, epoch_s: trainS, memory_mib: processMiB },
    [EVALUATION]: { batch: beside.training.batch, epoch_s: evaluateS, memory_mib: processMiB },
  },
  contention: {
    model: 'table',
    inference: { jobs: stress.jobs, slowdown: slowdown.map((s) => rounded(s, 4)) },
    inference_beside_training: { [MODEL]: rounded(factor('train'), 4), [EVALUATION]: rounded(factor('evaluate'), 4) },
    training: { [MODEL]: { jobs: [0], slowdown: [1] }, [EVALUATION]: { jobs: [0], slowdown: [1] } },
    loading: { jobs: [0, ...loads.beside], slowdown: [1, ...loads.seconds.map((s) => rounded(s / loadAloneS, 3))] },
    beside_loading: besideLoading,
  },
};

function ratios() {
  return stress.loading.median_ms.map((ms, i) => ms / stress.steady.median_ms[i]);
}

// ---------------------------------------------------------------------------------------------------------------- its page

const need = (n) => fixedMiB + n * processMiB;
const fits = (n) => (need(n) <= published.accelerator.visible_mib ? 'fits' : 'does not fit');

const page = `# The 16 GiB GPU of Ekya's stress run, from published logs

<!-- Made by scripts/make-ekya-16gib-profile.mjs; edits are overwritten. -->

\`calibration/ekya-16gib.json\` describes ${published.accelerator.name}, on which up to twelve inference processes ran at once, and one beside training.
Nobody calibrated it through this program. A script makes it from raw logs that lie in Ekya's repository, aggregated with a mark of origin each in
[\`calibration/published/ekya-16gib.yaml\`](../../calibration/published/ekya-16gib.yaml); \`npm run profiles\` makes it again, to the byte.

Source: ${published.paper}.

**A request is a pass over ${stress.images_per_pass} images**, since nothing smaller was timed.

## Published and ours

### Inference by number of processes, always busy

${table(
  ['processes', 'passes', 'published median ms', 'mean ms', 'slowdown', 'while one loads: median ms', 'ratio', 'memory MiB', 'ours MiB', 'ours'],
  [
    ...stress.jobs.map((n, i) => [
      n,
      stress.steady.passes[i],
      stress.steady.median_ms[i].toFixed(1),
      stress.steady.mean_ms[i].toFixed(1),
      slowdown[i].toFixed(3),
      stress.loading.median_ms[i].toFixed(1),
      ratios()[i].toFixed(3),
      stress.steady.memory_mib[i],
      need(n),
      fits(n),
    ]),
    [13, '', 'died while loading', '', '', '', '', '', need(13), fits(13)],
  ],
)}

Memory: ${fixedMiB} MiB and ${processMiB} MiB per process (least squares ${memory.intercept.toFixed(1)} + ${memory.slope.toFixed(2)} n). Exactly ${stress.jobs.length} fit in ${published.accelerator.visible_mib} MiB.

With two processes the passes come in two groups, near 1,330 and near 1,650 ms; the median lies between and belongs to neither. Curves through it inherit that.

### Loading

${table(
  ['beside', 'published s', 'slowdown'],
  [[0, `${loadAloneS} (line)`, '1.00'], ...loads.beside.map((n, i) => [n, loads.seconds[i], profile.contention.loading.slowdown[i + 1].toFixed(2)])],
)}

### One inference beside training

Medians in ms of passes over ${beside.images_per_pass} images.

${table(
  ['recording', 'alone', 'beside training', 'factor', 'beside evaluation', 'factor '],
  [...RUNS.map((run) => [run, [run]]), ['both', RUNS]].map(([name, runs]) => [
    name,
    median(runs.flatMap((run) => beside[run].solo)).toFixed(1),
    median(runs.flatMap((run) => beside[run].train)).toFixed(1),
    factor('train', runs).toFixed(3),
    median(runs.flatMap((run) => beside[run].evaluate)).toFixed(1),
    factor('evaluate', runs).toFixed(3),
  ]),
)}

Predicting one recording from the other's factors: ${RUNS.map((run) => {
  const other = RUNS.find((r) => r !== run);
  return `${run} from ${other} ${difference(factor('train', [other]), factor('train', [run]))} while training and ${difference(factor('evaluate', [other]), factor('evaluate', [run]))} while evaluating`;
}).join('; ')}. Two recordings
of one pair of models on one machine say how well it repeats; they cannot say how another model, another batch or a second inference would fare.

## Assumed

${profile.assumptions.map((a) => `- ${a}`).join('\n')}
`;

writeProfile('calibration/ekya-16gib.json', profile);
write('docs/profiles/ekya-16gib.md', page);
