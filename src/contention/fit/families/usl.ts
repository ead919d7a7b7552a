import { parametric, type ParameterSpec } from '../parametric.js';
import type { Situation } from '../situation.js';
import { pairName, parameterName } from '../parameter-name.js';

const others = (s: Situation): { class: string; count: number }[] => s.neighbours.filter((n) => !n.class.startsWith('inference:'));
const weightOf = pairName((observed, neighbour) => `${observed}: ${neighbour} counts as`);
const sigmaOf = parameterName((observed) => `${observed}: σ`);
const kappaOf = parameterName((observed) => `${observed}: κ`);

export default parametric({
  name: 'usl',
  about: 'The universal scalability law: waiting for what is shared (σ) and for each other (κ); another kind of neighbour counts as w of them.',
  formula: 's = 1 + σ (n − 1) + κ n (n − 1), n = 1 + inference neighbours + Σ_j w_j n_j',
  source: 'Gunther, Guerrilla Capacity Planning, 2007; throughput n / s.',
  parameters(situations) {
    const specs = new Map<string, ParameterSpec>();
    for (const s of situations) {
      if (s.neighbours.length === 0) continue;
      const { observed } = s;
      const needs = observed.startsWith('training:') ? `needs K ≥ 2 beside ${observed}: two or more different numbers of inference jobs` : `needs three or more different numbers of jobs of ${observed}`;
      specs.set(sigmaOf(observed), { name: sigmaOf(observed), least: -0.5, most: 10, starts: [0.3, 0.9], needs });
      specs.set(kappaOf(observed), { name: kappaOf(observed), least: -0.02, most: 2, starts: [0.01, 0.001], needs });
      for (const n of others(s)) {
        const name = weightOf(observed, n.class);
        specs.set(name, { name, least: 0, most: 20, starts: [0.5, 1], needs: `needs ${observed} beside other inference jobs, with and without ${n.class}` });
      }
    }
    return [...specs.values()];
  },
  slowdown(s, at) {
    if (s.neighbours.length === 0) return 1;
    const sigma = at(sigmaOf(s.observed));
    const kappa = at(kappaOf(s.observed));
    if (sigma === undefined || kappa === undefined) return undefined;
    let n = 1 + s.inferenceNeighbours;
    for (const other of others(s)) {
      const weight = at(weightOf(s.observed, other.class));
      if (weight === undefined) return undefined;
      n += weight * other.count;
    }
    return Math.max(0.05, 1 + sigma * (n - 1) + kappa * n * (n - 1));
  },
});
