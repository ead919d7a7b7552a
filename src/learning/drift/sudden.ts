import { Type, type Static } from '@sinclair/typebox';
import { defineDrift, HOUR_MS } from '../drift.js';

const Options = Type.Object(
  {
    at_h: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, description: 'when the world changes' }),
    lost_share: Type.Number({ minimum: 0, maximum: 1, default: 0.5, description: 'share of what a model knew above its floor that each change takes' }),
  },
  { additionalProperties: false },
);

export default defineDrift<Static<typeof Options>>({
  name: 'sudden',
  about: 'The world changes at given moments and keeps still between them.',
  source: 'Concept change as in Gama et al., SBIA 2004: each change multiplies the match by 1 − lost_share.',
  options: Options,
  create: ({ at_h, lost_share }) => {
    const changesMs = at_h.map((h) => h * HOUR_MS).sort((a, b) => a - b);
    return {
      changesMs,
      match(trainedUntilMs, nowMs) {
        let match = 1;
        for (const changeMs of changesMs) if (trainedUntilMs < changeMs && changeMs <= nowMs) match *= 1 - lost_share;
        return match;
      },
    };
  },
});
