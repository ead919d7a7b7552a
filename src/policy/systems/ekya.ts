import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'ekya',
  about: 'Windows in which inference and the retraining of several streams share GPUs, divided by a thief scheduler for the highest mean accuracy.',
  source: 'Bhardwaj, Xia, Ananthanarayanan, Jiang, Shu, Karianakis, Hsieh, Bahl, Stoica: Ekya, NSDI 2022, and its released code',
  fills: { retrain: 'ekya-thief' },
  published: [
    'both thief schedulers, as the planners paperThief and releasedThief and inside the retrain policy',
    'the scheduler asked anew at every completion; its decisions and the micro-profiling charged with the published times',
    'the micro-profiler’s curve and its extrapolation, uniform shares, and the round trip of cloud retraining, as planners',
    'the measured time of retraining by share of a V100, as a planner’s speed',
  ],
  reconstructed: [
    'in a run, training shares an accelerator in time, one job after the other, and inference keeps its share: profiles do not say what inference loses with a share',
    'in a run, what a retraining will gain is expected from past rounds and labels, not from a micro-profile',
    'configurations differ in epochs only',
    'accuracy below the least allowed is charged tenfold',
  ],
  runs: ['simulator', 'executor', 'planner'],
  checks: ['ekya'],
});
