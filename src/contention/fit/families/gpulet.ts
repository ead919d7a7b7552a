import { aloneReadings } from '../alone-readings.js';
import type { FittableModel } from '../fittable.js';
import { jobsBeside, loadingParameter, loadingTerm } from '../loading-term.js';
import { parametric } from '../parametric.js';

const needs = 'needs pairs of more different models: five coefficients are shared by all of them';
const coefficient = (name: string, start: number) => ({ name, least: -10, most: 20, starts: [start], needs });

const gpulet: FittableModel = {
  name: 'gpulet',
  about: 'The slowdown beside one neighbour is linear in the L2 and memory bandwidth that both use alone, with the same coefficients for all models; of several neighbours the worst counts.',
  formula: 's = max(1, a₁ l2ᵢ + a₂ l2ⱼ + a₃ dramᵢ + a₄ dramⱼ + a₅), the largest over the neighbours j',
  source: 'Choi, Lee, Kim, Park, Kwon, Huh: Serving Heterogeneous Machine Learning Models on Multi-GPU Servers with Spatio-Temporal Sharing, USENIX ATC 2022.',
  fit(points, from) {
    const use = aloneReadings(points, ['l2_busy', 'dram_busy'], 'L2 and memory utilisation');
    if ('needs' in use) return use;
    return parametric({
      ...gpulet,
      parameters: (situations) => [coefficient('own L2', 0.5), coefficient("neighbour's L2", 0.5), coefficient('own DRAM', 0.5), coefficient("neighbour's DRAM", 0.5), coefficient('constant', 1), ...loadingParameter(situations)],
      slowdown(s, at) {
        const own = use.get(s.observed);
        const loading = loadingTerm(s, at);
        if (own === undefined || loading === undefined) return undefined;
        let worst = 1;
        for (const n of jobsBeside(s)) {
          const theirs = use.get(n.class);
          if (theirs === undefined) return undefined;
          worst = Math.max(worst, at('own L2')! * own[0] + at("neighbour's L2")! * theirs[0] + at('own DRAM')! * own[1] + at("neighbour's DRAM")! * theirs[1] + at('constant')!);
        }
        return Math.max(0.05, worst + loading);
      },
    }).fit(points, from);
  },
};

export default gpulet;
