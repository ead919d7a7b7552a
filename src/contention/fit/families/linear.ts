import { parametric, type ParameterSpec } from '../parametric.js';
import { pairName } from '../parameter-name.js';

const costOf = pairName((observed, neighbour) => `${observed} slowed by ${neighbour}`);

export default parametric({
  name: 'linear',
  about: 'Each neighbour adds the same, whatever else is there; a cost of its own for each pair of classes that was measured.',
  formula: 's = 1 + Σ_j a_j n_j',
  source: 'The first-order term of any law; gpulet (ATC 2022) and many schedulers assume it.',
  parameters(situations) {
    const specs = new Map<string, ParameterSpec>();
    for (const { observed, neighbours } of situations) {
      for (const n of neighbours) {
        const name = costOf(observed, n.class);
        specs.set(name, { name, least: -0.5, most: 20, starts: [0.3], needs: `needs ${observed} without ${n.class}, or with another number of them` });
      }
    }
    return [...specs.values()];
  },
  slowdown({ observed, neighbours }, at) {
    let s = 1;
    for (const n of neighbours) {
      const cost = at(costOf(observed, n.class));
      if (cost === undefined) return undefined;
      s += cost * n.count;
    }
    return Math.max(s, 0.05);
  },
});
