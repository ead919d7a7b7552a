import { Type } from '@sinclair/typebox';
import { gammaSampler } from '../../random/gamma.js';
import { InputError } from '../../input/error.js';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';

export default defineGenerator({
  name: 'day-shape',
  about: 'A rate that repeats every day: each equal part of it has a rate of its own. Poisson within, or Gamma gaps for more or less burstiness.',
  source: 'Inhomogeneous renewal process by time change: unit-rate gaps, passed through the inverse of the cumulative rate.',
  stationary: false,
  options: Type.Object(
    {
      rate_rps: rateRps,
      shape: Type.Array(Type.Number({ minimum: 0 }), {
        minItems: 1,
        description: 'relative rate in each equal part of the period, for example 24 numbers for the hours; only their proportions matter',
        examples: [[1, 1, 1, 2, 4, 6, 6, 5, 5, 4, 3, 2]],
      }),
      period_s: Type.Optional(Type.Number({ exclusiveMinimum: 0, default: 86_400, description: 'how long the shape lasts before it repeats' })),
      cv: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1, description: 'coefficient of variation of the gaps where the rate is constant: 1 is Poisson' })),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ rate_rps, shape, period_s = 86_400, cv = 1, requests }, random, untilMs) {
    const sum = shape.reduce((total, part) => total + part, 0);
    if (!(sum > 0)) throw new InputError('arrivals of process day-shape: every part of "shape" is 0, so no request would ever come');
    const partMs = (period_s * 1000) / shape.length;
    const perPart = shape.map((part) => ((rate_rps * period_s) / sum) * part);
    const perPeriod = rate_rps * period_s;
    const sample = cv === 1 ? () => -Math.log(1 - random()) : scaled(gammaSampler(1 / (cv * cv), random), cv * cv);
    // Expected requests so far within the period, and where that falls in time.
    let period = 0;
    let expected = 0;
    return bounded('day-shape', requests, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) {
        expected += sample();
        while (expected >= perPeriod) {
          expected -= perPeriod;
          period++;
        }
        let part = 0;
        let left = expected;
        while (part < shape.length - 1 && left >= perPart[part]) left -= perPart[part++];
        timeMs[i] = (period * shape.length + part + Math.min(1, perPart[part] > 0 ? left / perPart[part] : 0)) * partMs;
        if (timeMs[i] > untilMs) return i + 1;
      }
      return timeMs.length;
    });
  },
});

function scaled(sample: () => number, factor: number): () => number {
  return () => sample() * factor;
}
