import { Type } from '@sinclair/typebox';
import { classKey, classMap, defineContention } from '../contract.js';

const closed = { additionalProperties: false } as const;
const fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

const Parameters = Type.Object(
  {
    model: Type.Literal('gpulet'),
    coefficients: Type.Object(
      {
        own_l2: Type.Number(),
        neighbour_l2: Type.Number(),
        own_dram: Type.Number(),
        neighbour_dram: Type.Number(),
        constant: Type.Number(),
      },
      { ...closed, description: 'of the linear regression, for utilisations as fractions' },
    ),
    utilisation: classMap(
      Type.Object(
        {
          l2: fraction('L2 utilisation of one process alone'),
          dram: fraction('DRAM bandwidth utilisation of one process alone'),
          share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'share of the GPU that it has; scales both; default 1' })),
        },
        closed,
      ),
      'of each class, alone on the whole GPU',
    ),
  },
  closed,
);

export default defineContention({
  name: 'gpulet',
  about: 'The slowdown beside one neighbour is linear in the L2 and DRAM utilisation of both, and never below 1; of several neighbours the worst counts.',
  source: 'Choi, Lee, Kim, Park, Kwon, Huh: Serving Heterogeneous Machine Learning Models on Multi-GPU Servers with Spatio-Temporal Sharing, USENIX ATC 2022.',
  parameters: Parameters,
  bind({ coefficients, utilisation }, classes) {
    const { own_l2, neighbour_l2, own_dram, neighbour_dram, constant } = coefficients;
    const use = classes.map((c) => {
      const known = utilisation[classKey(c)];
      const share = known?.share ?? 1;
      return known && { l2: known.l2 * share, dram: known.dram * share };
    });
    const own = use.map((u) => u && own_l2 * u.l2 + own_dram * u.dram);
    const asNeighbour = use.map((u) => u && neighbour_l2 * u.l2 + neighbour_dram * u.dram);
    return {
      slowdowns(counts, slowdown) {
        let processes = 0;
        let unknown: string | undefined;
        for (let i = 0; i < classes.length; i++) {
          if (counts[i] === 0) continue;
          if (classes[i].kind !== 'loading') processes += counts[i];
          if (classes[i].kind !== 'loading' && use[i] === undefined) unknown = `the utilisation of ${classKey(classes[i])} was not measured`;
        }
        for (let i = 0; i < classes.length; i++) {
          if (counts[i] === 0) continue;
          slowdown[i] = 1;
          const ownPart = own[i];
          if (ownPart === undefined) continue;
          for (let j = 0; j < classes.length; j++) {
            const theirPart = asNeighbour[j];
            const neighbours = i === j ? counts[j] - 1 : counts[j];
            if (theirPart !== undefined && neighbours > 0) slowdown[i] = Math.max(slowdown[i], ownPart + theirPart + constant);
          }
        }
        if (processes > 1 && unknown !== undefined) return unknown;
        return processes > 2 ? `${processes} processes at once, the regression is of pairs` : undefined;
      },
    };
  },
});
