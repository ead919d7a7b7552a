import { Type } from '@sinclair/typebox';
import { normalQuantile } from '../../../random/normal.js';
import { defineDelay } from '../delay.js';

export default defineDelay({
  name: 'normal',
  about: 'Normally distributed and drawn anew while below 0; mean and deviation are those of the parent, before that truncation.',
  source: 'The networks of MDInference (Ogden and Guo, IC2E 2020), whose released code draws anew in this way.',
  options: Type.Object(
    {
      mean_ms: Type.Number({ minimum: 0, description: 'mean delay, of the normal distribution before its part below 0 is cut off', examples: [20] }),
      sd_ms: Type.Number({ minimum: 0, description: 'its standard deviation, before the cut as well', examples: [8] }),
    },
    { additionalProperties: false, description: 'normally distributed, drawn anew while below 0' },
  ),
  drawn: true,
  quantile({ mean_ms, sd_ms }) {
    if (sd_ms === 0) return () => mean_ms;
    // Redrawing while negative is the same as drawing from the part above 0.
    const below = normalProbability(-mean_ms / sd_ms);
    return (u) => Math.max(0, mean_ms + sd_ms * normalQuantile(below + u * (1 - below)));
  },
});

/** Standard normal distribution function, absolute error below 1e-9, as the inverse of the quantile by bisection. */
function normalProbability(z: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
