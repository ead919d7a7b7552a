import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'gslice',
  about: 'Tunes share and batch of each function on a GPU from its measured latency and throughput, round after round.',
  source: 'Dhakal, Kulkarni, Ramakrishnan: GSLICE, SoCC 2020, doi 10.1145/3419111.3421284, as ported in the released code of iGniter and of gpulet',
  fills: { place: 'gslice', dispatch: 'as-planned' },
  published: ['both ports of the tuner, which differ', 'max-min fairness over legal shares, of gpulet’s port'],
  reconstructed: [
    'the tuner, from two ports; the paper’s own program is not at hand',
    'in a run, half of an SLO is the budget of a batch, capacity stands for measured throughput, and a step is made every 2 s',
    'a change of share loads a standby beside the old process, which takes the load time of the profile, instead of less than 100 µs',
  ],
  runs: ['simulator', 'executor', 'planner'],
  checks: [],
});
