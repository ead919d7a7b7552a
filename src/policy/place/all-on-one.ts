import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, type PlaceCommands, type PlaceView } from '../contract.js';
import { assignToFirst } from './assign-jobs.js';

const Options = Type.Object(
  {
    copies: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'workers per app on each accelerator. If left out: one, then further ones in turn up to the number that the dispatch policy runs at once, while memory lasts',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Lanes by the variant of their model: the first ones of all apps come first. */
const firstVariantsFirst = (view: PlaceView, lanes: readonly number[]): number[] => [...lanes].sort((a, b) => view.variant(a) - view.variant(b) || a - b);

/** One worker of each lane, then more in turn while `more` says so and the memory holds. A further variant that does not fit is left out. */
function loadInTurn(view: PlaceView, out: PlaceCommands, accelerator: number, lanes: readonly number[], wanted: number): void {
  for (let loaded = 0; loaded < wanted; loaded++) {
    const lane = lanes[loaded % lanes.length];
    const needMiB = view.workerMiB(lane, accelerator);
    if (needMiB === Infinity || needMiB > view.freeMiB(accelerator)) {
      if (loaded >= lanes.length) return;
      if (view.variant(lane) > 0) continue;
      const name = view.acceleratorName(accelerator);
      return out.refuse(
        needMiB === Infinity
          ? `the profile of ${name} does not know the model of app ${view.app(lane)}`
          : `app ${view.app(lane)} needs ${Math.round(needMiB)} MiB on ${name}, ${Math.round(view.freeMiB(accelerator))} MiB are free: use fewer apps, or one-task-per-accelerator`,
      );
    }
    out.load(lane, accelerator);
  }
}

export default definePolicy<'place', Static<typeof Options>>({
  name: 'all-on-one',
  about: 'Every app of a site has a worker for each variant of its model on each of its accelerators, beside the retraining job on the first that knows it.',
  source: 'Corun: Liu, Andhare, Kang, Sensors 24(16), 2024.',
  decision: 'place',
  options: Options,
  create: ({ copies }) => ({
    on(_event, _subject, _nowMs, view, out) {
      assignToFirst(view, out);
      for (const accelerator of view.accelerators) {
        const lanes = firstVariantsFirst(view, view.lanes.filter((lane) => view.siteOfLane(lane) === view.siteOf(accelerator)));
        if (lanes.length === 0) continue;
        const concurrency = view.concurrency(accelerator);
        const wanted = copies !== undefined ? copies * lanes.length : Math.max(lanes.length, Number.isFinite(concurrency) ? concurrency : 0);
        loadInTurn(view, out, accelerator, lanes, wanted);
      }
      return NEVER;
    },
  }),
});
