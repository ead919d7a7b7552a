// Explains the epoch times and GPU states published with Corun by contention model `resources`, and writes docs/contention/corun-observations.md.
// Usage: npm run build && node scripts/explain-corun.mjs [--out DIR]
import { stringify } from 'yaml';
import { sharedResources } from '../dist/contention/shared-resources.js';
import { difference, readPublished, rounded, table, write } from './profiles/writing.mjs';
import { leastSquares } from './profiles/least-squares.mjs';

const published = readPublished('corun-rtx3080ti');
const JOBS = ['mobilenet_v3_small', 'resnet50', 'efficientnet_v2_l'];
const INFERENCES = published.gpu_state.inferences;
const SLOWEST_CLOCK_MHZ = 1755;
const CLOCK_LOADS = [0.2, 0.35, 0.45];
/** Two jobs wait for their data: both make an epoch of the same images in the same time. The third needs 15 times as long, so its loader is idle most of the time. */
const LOADER_S = 226;

const busyAlone = (job) => published.gpu_state[job].utilisation_percent[0] / 100;
const growth = (job, inferences) => {
  const i = published.epoch_s_by_inferences.inferences.indexOf(inferences);
  return i < 0 ? undefined : published.epoch_s_by_inferences[job][i] / published.epoch_s_by_inferences[job][0];
};
const busy = (job, inferences) => published.gpu_state[job].utilisation_percent[INFERENCES.indexOf(inferences)] / 100;
const clockFactor = (job, inferences) => published.gpu_state[job].clock_mhz[INFERENCES.indexOf(inferences)] / SLOWEST_CLOCK_MHZ;

const pipelineOf = (job) =>
  job === 'efficientnet_v2_l'
    ? { loader: rounded(LOADER_S / published.epoch_s_by_inferences[job][0], 3), accelerator: 1 }
    : { loader: 1, accelerator: busyAlone(job) };

/** From the seven fitted numbers to the parameters of the model. */
const contentionOf = ([held, inferenceBusy, clockMiddle, clockHigh, ...host]) => ({
  model: 'resources',
  resources: { accelerator: 1, host: 1, serving: 1 },
  clock: { resource: 'accelerator', load: CLOCK_LOADS, factor: [1, clockMiddle, clockHigh] },
  classes: {
    'inference:*': { demand: { accelerator: inferenceBusy, serving: 1 }, held: { host: held } },
    ...Object.fromEntries(JOBS.map((job, i) => [`training:${job}`, { demand: { accelerator: busyAlone(job), host: host[i] }, pipeline: pipelineOf(job) }])),
  },
  measured: { inference_jobs: 4, training_jobs: 1 },
});

function predict(contention, job) {
  const shared = sharedResources(contention, [contention.classes['inference:*'], contention.classes[`training:${job}`]]);
  const alone = shared.rates([0, 1]).rate[1];
  return INFERENCES.map((n) => {
    const { rate, load, clock } = shared.rates([n, 1]);
    return { growth: alone / rate[1], busy: load[0], clock };
  });
}

/** Residuals in units of what we would call good: 2 % of an epoch, 3 points of utilisation, 3 % of the clock. */
function residuals(parameters) {
  const contention = contentionOf(parameters);
  return JOBS.flatMap((job) =>
    predict(contention, job).flatMap((ours, i) => {
      const n = INFERENCES[i];
      if (n === 0) return [(ours.clock - clockFactor(job, n)) / 0.03];
      const theirs = growth(job, n);
      return [
        ...(theirs === undefined ? [] : [Math.log(ours.growth / theirs) / 0.02]),
        (ours.busy - busy(job, n)) / 0.03,
        (ours.clock - clockFactor(job, n)) / 0.03,
      ];
    }),
  );
}

const fitted = leastSquares(residuals, {
  start: [0.12, 0.12, 1.03, 1.09, 0.8, 0.9, 0.75],
  least: [0, 0, 1, 1, 0, 0, 0],
  most: [0.24, 1, 1.2, 1.2, 1, 1, 1],
}).map((value) => rounded(value, 4));
const contention = contentionOf(fitted);
const all = JOBS.map((job) => ({ job, ours: predict(contention, job) }));
const worst = (of) => Math.max(...all.flatMap(({ job, ours }) => ours.map((o, i) => Math.abs(of(job, INFERENCES[i], o)))));
const worstGrowth = worst((job, n, o) => (growth(job, n) === undefined ? 0 : o.growth / growth(job, n) - 1));
const meanGrowth =
  all.flatMap(({ job, ours }) => ours.flatMap((o, i) => (INFERENCES[i] > 0 && growth(job, INFERENCES[i]) !== undefined ? [Math.abs(o.growth / growth(job, INFERENCES[i]) - 1)] : []))).reduce((a, b) => a + b, 0) / 9;
const percent = (share, digits = 1) => (share * 100).toFixed(digits);

const page = `# Corun's observations explained

<!-- Made by scripts/explain-corun.mjs; edits are overwritten. -->

Beside 1, 2 and 4 inferences that are always busy, the epochs published with Corun grow little and then a lot, the GPU gets **idler** as more processes share it, and one job gets
**faster** beside an inference. No single slowdown per neighbour does that. Contention model [\`resources\`](resources.md) does, with four common parameters and one for each job:

- **host ${fitted[0]}**: what an inference process holds of the host as long as it is there. What is left is for the job, so the epoch stays the same until the job's own need is no longer there, and then grows.
- **accelerator ${fitted[1]}**: what all inferences together take of the GPU. One driver feeds them, so their sum does not grow with their number (resource \`serving\`).
- **clock**: 1 up to a use of ${CLOCK_LOADS[0]}, ${fitted[2]} at ${CLOCK_LOADS[1]}, ${fitted[3]} at ${CLOCK_LOADS[2]} and beyond. It is why EfficientNetV2 trains faster beside an inference: its step is bound by the accelerator, and the others' by their loader.
- **the job's need of the host**: ${JOBS.map((job, i) => `${fitted[4 + i]} (${job})`).join(', ')}.

Not fitted but published: how busy each job keeps the GPU alone. Assumed: that the first two jobs wait for their loader (both take the same time for the same images, at a tenth of the computation for one of them), and the third for the accelerator.

## Epoch growth

Mean absolute residual ${percent(meanGrowth)} %, largest ${percent(worstGrowth)} %, over the nine published growths. These are residuals of a fit (seven parameters for nine growths, twelve utilisations and fifteen clocks), not errors of a prediction.

${table(
  ['job', 'inferences', 'published', 'ours', 'residual'],
  all.flatMap(({ job, ours }) =>
    ours.flatMap((o, i) => {
      const theirs = growth(job, INFERENCES[i]);
      return [[i === 0 ? job : '', INFERENCES[i], theirs?.toFixed(3) ?? '', o.growth.toFixed(3), theirs === undefined || INFERENCES[i] === 0 ? '' : difference(o.growth, theirs)]];
    }),
  ),
)}

## Use of the GPU, and its clock

Largest residual ${percent(worst((job, n, o) => o.busy - busy(job, n)))} points of utilisation and ${percent(worst((job, n, o) => o.clock / clockFactor(job, n) - 1))} % of the clock (${SLOWEST_CLOCK_MHZ} MHz is 1).

${table(
  ['job', 'inferences', 'published use %', 'ours %', 'published clock', 'ours'],
  all.flatMap(({ job, ours }) =>
    ours.map((o, i) => [
      i === 0 ? job : '',
      INFERENCES[i],
      percent(busy(job, INFERENCES[i])),
      percent(o.busy),
      clockFactor(job, INFERENCES[i]).toFixed(3),
      o.clock.toFixed(3),
    ]),
  ),
)}

## What it does not explain

- ResNet50's epoch grows by 8 % for each of the first two inferences and by 33 % for each of the next two: its curve bends more sharply than ours, which is 3 % below it beside one and 5 % above it beside two.
- That the inferences together use less of the GPU with four of them than with two: ours stays the same.
- ResNet50's clock stays high while its use falls. The governor looks at more than the use.
- What the host is short of was not measured. "host" is a name for whatever four waiting processes take from a data loader: processors, memory bandwidth of the host, the driver's locks.

**The added delay behind a training slice** is not part of it: a profile gives it under \`training.<model>.slice\`, since it is a wait and not a rate. It is what makes the P95 at 10 requests/s grow
by 3 ms and more beside jobs that slow a closed loop by a few percent only (see [rtx3080ti](../profiles/rtx3080ti.md)).

## As parameters of a profile

\`\`\`yaml
${stringify({ contention }, { flowCollectionPadding: true, collectionStyle: 'any', lineWidth: 0 }).trim()}
\`\`\`
`;
write('docs/contention/corun-observations.md', page);
