import { Type, type Static } from '@sinclair/typebox';
import { defineDrift, HOUR_MS } from '../drift.js';

const Options = Type.Object(
  { half_life_h: Type.Number({ exclusiveMinimum: 0, default: 6, description: 'after so many hours half of what a model knew above its floor is lost' }) },
  { additionalProperties: false },
);

export default defineDrift<Static<typeof Options>>({
  name: 'gradual',
  about: 'The world moves away at an even pace.',
  source: 'Exponential loss: match = 2^(−age / half-life).',
  options: Options,
  create: ({ half_life_h }) => {
    const perMs = -Math.LN2 / (half_life_h * HOUR_MS);
    return { match: (trainedUntilMs, nowMs) => Math.exp(perMs * (nowMs - trainedUntilMs)) };
  },
});
