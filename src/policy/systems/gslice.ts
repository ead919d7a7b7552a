import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'gslice',
  about: 'Tunes share and batch of each function on a GPU from its measured latency and throughput, round after round.',
  source: 'Dhakal, Kulkarni, Ramakrishnan: GSLICE, SoCC 2020, doi 10.1145/3419111.3421284, as ported in the released code of iGniter and of gpulet',
  fills: {},
  published: ['both ports of the tuner, which differ', 'max-min fairness over legal shares, of gpulet’s port'],
  reconstructed: ['nothing beyond the ports; the paper’s own program is not at hand'],
  runs: ['planner'],
  checks: [],
});
