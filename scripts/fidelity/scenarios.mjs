// The scenarios of npm run fidelity. Their traffic is Poisson, which no calibration measures at these rates; the policies are real ones.

const [LIGHT, HEAVY] = ['mobilenet_v3_small', 'squeezenet1_0'];
const LEARNER = 'mobilenet_v1_025';
const INPUT = 96;
const CLASSES = 10;
// So few that several epochs end in a real run: a step of 16 takes most of a second on a slow processor. Of 37 images 5 are held out, and two
// whole steps are left (which are held out is decided one by one, from the seed).
const IMAGES = 37;

/** What corun calibrate is told, and what the models of a scenario are. */
export const MODELS = { answering: [LIGHT, HEAVY], learning: LEARNER, inputSize: INPUT, classes: CLASSES, images: IMAGES };

const head = (title, profile, durationS, seed) => ({
  schema: 'corun/scenario@1',
  title,
  duration_s: durationS,
  sites: [{ name: 'here', accelerators: [{ profile }] }],
  extrapolation: 'label',
  seed,
});

const poisson = (rate) => ({ process: 'poisson', rate_rps: rate });
/** Two copies of one model, so that both processors have something to do. */
const onePlace = { policy: 'all-on-one', copies: 2 };

const retraining = { model: LEARNER, batch: 16, data: { generated: { count: IMAGES, classes: CLASSES, side: INPUT } }, fine_tune: { held_out_share: 0.2, deploy_every_epochs: 100_000 } };

/** Back to back clients, which is as much as there is. */
export const saturated = ({ profile, durationS, seed }) => ({
  ...head('Saturated', profile, durationS, seed),
  workload: [{ app: 'photos', model: LIGHT, slo_ms: 200, clients: { count: 4, think_ms: 0 } }],
  retraining,
  dispatch: { policy: 'fcfs', k: 2 },
  place: onePlace,
  alternatives: [
    { name: 'saturated', retrain: 'never' },
    { name: 'saturated, retraining', retrain: 'continuous' },
  ],
});

/** @param capacityRps and `besideRps`: what was really answered per second when saturated, without and with retraining */
export const loads = ({ profile, durationS, seed, capacityRps, besideRps }) => ({
  ...head('Open loop, by load', profile, durationS, seed),
  workload: [{ app: 'photos', model: LIGHT, slo_ms: 200, arrivals: poisson(1) }],
  retraining,
  dispatch: { policy: 'fcfs', k: 2 },
  place: onePlace,
  alternatives: [
    ...[30, 60, 80, 90].map((percent) => ({ name: `${percent} %`, retrain: 'never', set: { 'workload.0.arrivals.rate_rps': (percent / 100) * capacityRps } })),
    ...[30, 60].map((percent) => ({ name: `${percent} %, retraining`, retrain: 'continuous', set: { 'workload.0.arrivals.rate_rps': (percent / 100) * besideRps } })),
  ],
});

/** Ways of serving two apps, at a load at which they differ. The primary metric is mean latency, in which all of them can be told apart. */
export const decisions = ({ profile, durationS, seed, capacityRps }) => ({
  ...head('Seven ways of serving two apps', profile, durationS, seed),
  workload: [
    { app: 'photos', model: LIGHT, slo_ms: 60, arrivals: poisson(0.3 * capacityRps) },
    { app: 'scans', model: HEAVY, slo_ms: 200, arrivals: poisson(0.12 * capacityRps) },
  ],
  retraining,
  measure: { primary: 'latency_mean_ms' },
  alternatives: [
    { name: 'one at a time', dispatch: { policy: 'fcfs', k: 1 }, retrain: 'never' },
    { name: 'two at a time', dispatch: { policy: 'fcfs', k: 2 }, retrain: 'never' },
    { name: 'batches', dispatch: { policy: 'batch', max_batch: 4, max_delay_ms: 20, k: 1 }, retrain: 'never' },
    { name: 'one at a time, retraining', dispatch: { policy: 'fcfs', k: 1 }, retrain: 'continuous' },
    { name: 'two at a time, retraining', dispatch: { policy: 'fcfs', k: 2 }, retrain: 'continuous' },
    { name: 'batches, retraining', dispatch: { policy: 'batch', max_batch: 4, max_delay_ms: 20, k: 1 }, retrain: 'continuous' },
    { name: 'retraining when idle', dispatch: { policy: 'fcfs', k: 2 }, retrain: 'when-idle' },
  ],
});
