import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, type PlaceCommands, type PlaceView } from '../contract.js';
import { assignToFirst } from './assign-jobs.js';

const Options = Type.Object(
  {
    copies: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Record(Type.String(), Type.Integer({ minimum: 1 }))], {
        description:
          'workers per app on each accelerator: one number for all, or a number by app, and one for those that are not named. If left out: one, then further ones in turn up to the number that the dispatch policy runs at once, while memory lasts',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Lanes by the variant of their model: the first ones of all apps come first. */
const firstVariantsFirst = (view: PlaceView, lanes: readonly number[]): number[] => [...lanes].sort((a, b) => view.variant(a) - view.variant(b) || a - b);

const copiesOf = (copies: number | Record<string, number>, app: string): number => (typeof copies === 'number' ? copies : Object.hasOwn(copies, app) ? copies[app] : 1);

/** Lanes in the order in which they are loaded: each once, then again those that want more. */
function inTurn(lanes: readonly number[], copiesOf: (lane: number) => number): number[] {
  const most = Math.max(...lanes.map(copiesOf));
  return Array.from({ length: most }, (_, turn) => lanes.filter((lane) => copiesOf(lane) > turn)).flat();
}

/** One worker of each lane, then more in turn while the memory holds. A further variant that does not fit is left out. */
function loadInTurn(view: PlaceView, out: PlaceCommands, accelerator: number, lanes: readonly number[], firsts: number): void {
  for (const [loaded, lane] of lanes.entries()) {
    const needMiB = view.workerMiB(lane, accelerator);
    if (needMiB === Infinity || needMiB > view.freeMiB(accelerator)) {
      if (loaded >= firsts) return;
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
      const apps = [...new Set(view.lanes.map((lane) => view.app(lane)))];
      const unknown = typeof copies === 'object' ? Object.keys(copies).find((app) => !apps.includes(app)) : undefined;
      if (unknown !== undefined) out.refuse(`copies names ${unknown}, and no app is called so; there are ${apps.join(', ')}`);
      for (const accelerator of view.accelerators) {
        const lanes = firstVariantsFirst(view, view.lanes.filter((lane) => view.siteOfLane(lane) === view.siteOf(accelerator)));
        if (lanes.length === 0) continue;
        const concurrency = view.concurrency(accelerator);
        if (copies !== undefined) {
          const wanted = inTurn(lanes, (lane) => copiesOf(copies, view.app(lane)));
          loadInTurn(view, out, accelerator, wanted, lanes.length);
          continue;
        }
        const wanted = Math.max(lanes.length, Number.isFinite(concurrency) ? concurrency : 0);
        loadInTurn(view, out, accelerator, Array.from({ length: wanted }, (_, i) => lanes[i % lanes.length]), lanes.length);
      }
      return NEVER;
    },
  }),
});
