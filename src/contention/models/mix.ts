import { Type } from '@sinclair/typebox';
import { classKey, classMap, defineContention } from '../contract.js';

const Counts = classMap(Type.Integer({ minimum: 1 }));
const Slowdowns = classMap(Type.Number({ exclusiveMinimum: 0 }));

const Parameters = Type.Object(
  {
    model: Type.Literal('mix'),
    groups: Type.Array(Type.Object({ active: Counts, slowdown: Slowdowns }, { additionalProperties: false }), {
      description: 'measured mixes: who was active, and the slowdown of each; a single active process needs no entry',
    }),
  },
  { additionalProperties: false },
);

export default defineContention({
  name: 'mix',
  about: 'One measured slowdown per class and exact mix of neighbours; nothing between or beyond the measured mixes is known.',
  source: 'Measured groups, unsmoothed.',
  parameters: Parameters,
  bind({ groups }, classes) {
    const measured = groups.map((group) => ({
      counts: classes.map((c) => group.active[classKey(c)] ?? 0),
      slowdown: classes.map((c) => group.slowdown[classKey(c)] ?? 1),
      foreign: Object.keys(group.active).some((name) => !classes.some((c) => classKey(c) === name)),
    }));
    const usable = measured.filter((m) => !m.foreign);
    return {
      slowdowns(counts, slowdown) {
        let total = 0;
        for (let i = 0; i < counts.length; i++) total += counts[i];
        let nearest: (typeof usable)[number] | undefined;
        let nearestDistance = Infinity;
        for (const m of usable) {
          let distance = 0;
          for (let i = 0; i < counts.length; i++) distance += Math.abs(m.counts[i] - counts[i]);
          if (distance < nearestDistance) {
            nearest = m;
            nearestDistance = distance;
          }
        }
        const known = nearestDistance === 0 || total <= 1;
        const use = nearestDistance === 0 || total > 1 ? nearest : undefined;
        for (let i = 0; i < counts.length; i++) if (counts[i] > 0) slowdown[i] = use?.slowdown[i] ?? 1;
        if (known) return undefined;
        const mix = classes.flatMap((c, i) => (counts[i] > 0 ? [`${counts[i]} × ${classKey(c)}`] : [])).join(' + ');
        return `the mix ${mix} was not measured`;
      },
    };
  },
});
