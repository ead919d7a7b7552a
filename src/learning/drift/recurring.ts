import { Type, type Static } from '@sinclair/typebox';
import { defineDrift, HOUR_MS } from '../drift.js';

const Options = Type.Object(
  {
    period_h: Type.Number({ exclusiveMinimum: 0, default: 24, description: 'after so many hours the world is again as it was' }),
    lost_share: Type.Number({ minimum: 0, maximum: 1, default: 0.5, description: 'share of what a model knew above its floor that is lost half a period later' }),
  },
  { additionalProperties: false },
);

export default defineDrift<Static<typeof Options>>({
  name: 'recurring',
  about: 'The world goes away and comes back, as day and night do.',
  source: 'A triangle wave: match = 1 − lost_share × distance of the two phases, 1 being half a period.',
  options: Options,
  create: ({ period_h, lost_share }) => {
    const periodMs = period_h * HOUR_MS;
    return {
      match(trainedUntilMs, nowMs) {
        const phase = ((nowMs - trainedUntilMs) % periodMs) / periodMs;
        return 1 - lost_share * 2 * Math.min(phase, 1 - phase);
      },
    };
  },
});
