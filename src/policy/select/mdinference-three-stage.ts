import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type SelectView } from '../contract.js';
import { budgetMs, cautiousMs, drawn, fastest, meanMs, timesOption, type Times } from './pick.js';

const Options = Type.Object(
  {
    gamma: Type.Number({ minimum: 0, default: 1, description: 'standard deviations that are added to the mean time of a variant, and that span the neighbourhood of the base variant' }),
    times: timesOption,
  },
  { additionalProperties: false },
);

/** Stage 1: the most accurate variant with μ + γσ < T and μ − γσ < T. */
function baseOf(view: SelectView, times: Times, gamma: number, limitMs: number): number {
  let base = NONE;
  for (const lane of view.lanes) if (cautiousMs(view, lane, times, gamma) < limitMs && (base === NONE || view.accuracy(lane) > view.accuracy(base))) base = lane;
  return base;
}

export default definePolicy<'select', Static<typeof Options>>({
  name: 'mdinference-three-stage',
  about: 'Takes the variant of mdinference for a base, and draws among those that take about as long as it, in proportion to accuracy × slack.',
  source: 'reconstructed: the three stages of MDInference’s text (Ogden, Guo, IC2E 2020) with the utility A (T − (μ + γσ)) / |T − μ| of its predecessor CNNSelect; the released code has only the first stage.',
  decision: 'select',
  options: Options,
  create: ({ gamma, times }, { random }) => ({
    on(_event, _subject, _nowMs, view, out) {
      const limitMs = budgetMs(view);
      const base = baseOf(view, times, gamma, limitMs);
      const u = random();
      if (base === NONE) {
        out.choose(fastest(view, times));
        return NEVER;
      }
      const spanMs = cautiousMs(view, base, times, gamma) - meanMs(view, base, times);
      const utility = (lane: number): number => {
        const slackMs = limitMs - cautiousMs(view, lane, times, gamma);
        if (!(slackMs > 0) || Math.abs(meanMs(view, lane, times) - meanMs(view, base, times)) > spanMs) return 0;
        // Without a deadline the slack of all is the same.
        return slackMs === Infinity ? view.accuracy(lane) : (view.accuracy(lane) * slackMs) / Math.abs(limitMs - meanMs(view, lane, times));
      };
      const choice = drawn(view.lanes, utility, u);
      out.choose(choice === NONE ? base : choice);
      return NEVER;
    },
  }),
});
