import { parametric } from '../parametric.js';
import { queueParameters, queueSlowdown, queueUtilisation } from '../queues.js';

export default parametric({
  name: 'bottleneck',
  about: 'Jobs take turns on the device for the share d of their time alone and are elsewhere for the rest; every class has a share of its own.',
  formula: 's = Z + R, Z = 1 − d, R = d (1 + Q(N − 1)) by exact mean value analysis; utilisation U = Σ n d / s',
  source: 'Closed queue with think time: Reiser and Lavenberg, J. ACM 27(2), 1980; U = X D: Denning and Buzen, Computing Surveys 10(3), 1978.',
  parameters: (situations) => queueParameters(situations, false),
  slowdown: (s, at) => queueSlowdown(s, at, false),
  utilisation: (s, at) => queueUtilisation(s, at, false),
});
