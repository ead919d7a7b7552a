import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'mdinference',
  about: 'The server picks, for each request, the most accurate model for the time that the network leaves; the phone answers too, and at the deadline the better answer counts.',
  source: 'Ogden, Guo: MDInference, IC2E 2020, arXiv 2002.06603, and its released code',
  fills: { route: { policy: 'duplicate', answer: 'best-at-deadline' }, select: { policy: 'mdinference', times: 'profile' } },
  published: [
    'the most accurate model with mean + deviation below the SLA less twice the upload time, or the fastest one',
    'a small model on the phone beside it, and the better of the answers that are there at the deadline',
    'upkeep of the times by exponential weights (times: measured); the published figures go by the profile',
    'greedy, static latency, static accuracy, random and exploration as baselines',
  ],
  reconstructed: ['the residential network, from the curve of the fastest model', 'the three-stage variant (policy mdinference-three-stage), which this bundle does not use'],
  runs: ['simulator', 'executor'],
  checks: ['mdinference'],
});
