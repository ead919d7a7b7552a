import { Type } from '@sinclair/typebox';
import { corunAzureRatesRps } from '../corun-azure-rates.js';
import { bounded, defineGenerator } from '../generator.js';
import { evenWithinSeconds } from '../seconds.js';

export default defineGenerator({
  name: 'corun-azure',
  about: 'The scaled Azure stream of the Corun paper: 2,979 requests in 288 s, each second at its own rate of 8 to 13 requests, evenly spaced.',
  source: 'Liu, Andhare, Kang: Corun (Sensors 2024, 24(16), 5262); Azure Functions 2019 trace, day 1.',
  stationary: false,
  options: Type.Object({}, { additionalProperties: false }),
  create: (_options, _random, untilMs) => {
    const rates = corunAzureRatesRps;
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    return bounded('corun-azure', total, untilMs, evenWithinSeconds(rates.length, (second) => rates[second]));
  },
});
