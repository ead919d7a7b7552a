import { parametric } from '../parametric.js';

export default parametric({
  name: 'none',
  about: 'Neighbours cost nothing.',
  formula: 's = 1',
  source: 'The naive model that every other one has to beat.',
  parameters: () => [],
  slowdown: () => 1,
});
