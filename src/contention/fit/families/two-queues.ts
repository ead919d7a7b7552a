import { parametric } from '../parametric.js';
import { queueParameters, queueSlowdown, queueUtilisation } from '../queues.js';

export default parametric({
  name: 'two-queues',
  about: 'As bottleneck, with a second queue that all jobs pass through: the host, its driver, or the copy engine.',
  formula: 's = Z + R₁ + R₂, with demands d and h = (1 − d) q, Z = 1 − d − h, by exact mean value analysis',
  source: 'Reiser and Lavenberg, J. ACM 27(2), 1980; that there are two stations is an assumption.',
  parameters: (situations) => queueParameters(situations, true),
  slowdown: (s, at) => queueSlowdown(s, at, true),
  utilisation: (s, at) => queueUtilisation(s, at, true),
});
