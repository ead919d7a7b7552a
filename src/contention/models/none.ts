import { Type } from '@sinclair/typebox';
import { defineContention } from '../contract.js';

export default defineContention({
  name: 'none',
  about: 'Neighbours cost nothing: every class runs at its solo speed.',
  source: 'The naive model that every other one has to beat.',
  parameters: Type.Object({ model: Type.Literal('none') }, { additionalProperties: false }),
  bind: () => ({
    slowdowns(counts, slowdown) {
      for (let i = 0; i < counts.length; i++) if (counts[i] > 0) slowdown[i] = 1;
      return undefined;
    },
  }),
});
