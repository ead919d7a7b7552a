import { Type, type Static } from '@sinclair/typebox';
import { Answer, definePolicy, NEVER, NONE, type RouteView } from '../contract.js';

const Options = Type.Object(
  {
    answer: Type.Union([Type.Literal('best-at-deadline'), Type.Literal('first')], {
      default: 'best-at-deadline',
      description: 'which answer counts: the most accurate of those that are there by the deadline, or the first',
    }),
  },
  { additionalProperties: false },
);

/** The first site of a stage that is, or is not, a device; NONE if there is none. */
function siteOf(view: RouteView, stage: number, isDevice: boolean): number {
  const sites = view.sitesOf(stage);
  for (let i = 0; i < sites.length; i++) if (view.isDevice(sites[i]) === isDevice) return sites[i];
  return NONE;
}

export default definePolicy<'route', Static<typeof Options>>({
  name: 'duplicate',
  about: 'Every request goes to the first server that can run it, and runs on its own phone at the same time.',
  source: 'The request duplication of MDInference: Ogden, Guo, IC2E 2020.',
  decision: 'route',
  options: Options,
  create: ({ answer }) => ({
    on(_event, _subject, _nowMs, view, out) {
      let isTwice = true;
      for (let stage = 0; stage < view.stageCount; stage++) {
        const server = siteOf(view, stage, false);
        if (server === NONE || siteOf(view, stage, true) === NONE) isTwice = false;
        out.visit(server === NONE ? view.sitesOf(stage)[0] : server);
      }
      if (!isTwice) return NEVER;
      out.duplicate(answer === 'first' ? Answer.first : Answer.bestAtDeadline);
      for (let stage = 0; stage < view.stageCount; stage++) out.visit(siteOf(view, stage, true));
      return NEVER;
    },
  }),
});
