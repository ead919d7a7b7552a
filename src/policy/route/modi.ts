import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';

const Options = Type.Object(
  {
    device: Type.String({ minLength: 1, default: 'phone', description: 'name of the site that stands for the phone; it is reached without a network' }),
    power_allowed: Type.Boolean({ default: true, description: 'whether the phone may run models itself: its battery allows it' }),
    probe_every: Type.Integer({
      minimum: 0,
      default: 20,
      description: 'of the requests that stay on the phone, each one of so many goes to the quickest edge instead, so that what is known of the network does not go stale; 0: none',
    }),
  },
  { additionalProperties: false },
);

export default definePolicy<'route', Static<typeof Options>>({
  name: 'modi',
  about: 'The phone’s part of the decision: of all models here and at the edges the most accurate that answers in time, warm or cold, if power allows it.',
  source: 'reconstructed: MODI: Ogden, Guo, HotEdge 2018, gives the inputs of the decision and no formula.',
  decision: 'route',
  options: Options,
  create: ({ device, power_allowed, probe_every }, { topology }) => {
    const phone = topology.accelerators.find(({ name }) => name.startsWith(`${device}/`))?.site ?? NONE;
    let stayed = 0;
    return {
      on(_event, _subject, _nowMs, view, out) {
        const sites = view.sitesOf(0);
        let best = NONE;
        let bestMs = Infinity;
        let bestAccuracy = -1;
        let edge = NONE;
        let edgeMs = Infinity;
        let quickest = NONE;
        let quickestMs = Infinity;
        for (let s = 0; s < sites.length; s++) {
          const site = sites[s];
          if (site === phone && !power_allowed && sites.length > 1) continue;
          const lanes = view.lanesAt(0, site);
          for (let i = 0; i < lanes.length; i++) {
            const lane = lanes[i];
            // What an edge has not loaded is not offered; the phone knows how long its own load takes.
            if (site !== phone && !view.isLoaded(lane)) continue;
            const ms = (site === phone ? (view.isLoaded(lane) ? 0 : view.loadMs(lane)) : view.uploadMs(site)) + view.serviceMs(lane);
            if (ms < quickestMs) {
              quickest = site;
              quickestMs = ms;
            }
            if (site !== phone && ms < edgeMs) {
              edge = site;
              edgeMs = ms;
            }
            if (ms > view.sloMs) continue;
            const accuracy = view.accuracy(lane) || 0;
            if (best !== NONE && (accuracy < bestAccuracy || (accuracy === bestAccuracy && ms >= bestMs))) continue;
            best = site;
            bestMs = ms;
            bestAccuracy = accuracy;
          }
        }
        let site = best !== NONE ? best : quickest !== NONE ? quickest : sites[0];
        if (site === phone && edge !== NONE && probe_every > 0 && ++stayed % probe_every === 0) site = edge;
        out.visit(site);
        for (let stage = 1; stage < view.stageCount; stage++) out.visit(view.sitesOf(stage)[0]);
        return NEVER;
      },
    };
  },
});
