import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NONE, Process, type Ms, type PlaceCommands, type PlaceView } from '../contract.js';
import { assignToFirst } from './assign-jobs.js';
import { bestThatFit } from './modi-plan.js';

const Options = Type.Object(
  { every_s: Type.Number({ exclusiveMinimum: 0, default: 60, description: 'how often the manager looks at the statistics and places anew' }) },
  { additionalProperties: false },
);

const lanesAt = (view: PlaceView, site: number): number[] => view.lanes.filter((lane) => view.siteOfLane(lane) === site);
const isThere = (view: PlaceView, lane: number): boolean => view.modelOf(lane) === NONE || view.stored(view.siteOfLane(lane), view.modelOf(lane)) > 0;

/** Models that a site is to hold, most wanted first. */
function plan(view: PlaceView, site: number, accelerators: readonly number[]): number[] {
  const lanes = lanesAt(view, site).filter((lane) => view.modelOf(lane) !== NONE);
  const demand = new Map<string, number>();
  for (const lane of lanes) demand.set(view.app(lane), (demand.get(view.app(lane)) ?? 0) + view.arrivalRateRps(lane));
  return bestThatFit(
    lanes.map((lane) => ({
      model: view.modelOf(lane),
      app: view.app(lane),
      accuracy: view.accuracy(lane) || 0,
      sizeMiB: view.sizeMiB(view.modelOf(lane)),
      soloMs: Math.min(...accelerators.map((a) => view.soloMs(lane, a))),
      demandRps: demand.get(view.app(lane))!,
    })),
    view.storageMiB(site),
  );
}

/** Brings what is wanted and missing or stale, and throws away what is not wanted where there is no room for it. */
function fetch(view: PlaceView, out: PlaceCommands, site: number, wanted: readonly number[]): void {
  for (const model of wanted) {
    if (view.stored(site, model) === view.newest(model) || view.pulling(site, model) > 0) continue;
    for (const other of view.repository) {
      if (view.sizeMiB(model) <= view.storageFreeMiB(site)) break;
      if (!wanted.includes(other) && view.stored(site, other) > 0) out.discard(site, other);
    }
    // An update without room beside its old version: that one goes first, and who has loaded it goes on.
    if (view.sizeMiB(model) > view.storageFreeMiB(site) && view.stored(site, model) > 0) out.discard(site, model);
    if (view.sizeMiB(model) <= view.storageFreeMiB(site)) out.pull(site, model);
  }
}

/** Loads what lies there: what is wanted first, then all else while the memory holds; workers that are stale or not wanted make room. */
function load(view: PlaceView, out: PlaceCommands, accelerator: number, wanted: readonly number[]): void {
  const site = view.siteOf(accelerator);
  const rank = (lane: number): number => (view.modelOf(lane) === NONE ? NONE : wanted.includes(view.modelOf(lane)) ? wanted.indexOf(view.modelOf(lane)) : Infinity);
  const isStale = (worker: number): boolean => {
    const model = view.modelOf(view.laneOf(worker));
    return model !== NONE && view.stored(site, model) > view.versionOf(worker);
  };
  const staying = (): number[] => view.workersOn(accelerator).filter((w) => view.process(w) !== Process.leaving);
  const lanes = lanesAt(view, site).filter((lane) => isThere(view, lane) && rank(lane) < Infinity && view.workerMiB(lane, accelerator) < Infinity).sort((a, b) => rank(a) - rank(b) || a - b);
  for (const lane of lanes) {
    const own = staying().filter((w) => view.laneOf(w) === lane);
    const fresh = own.filter((w) => !isStale(w));
    if (fresh.length > 0) {
      // The old one serves until the new one can.
      if (fresh.some((w) => view.process(w) !== Process.loading)) for (const worker of own) if (isStale(worker)) out.evict(worker);
      continue;
    }
    const expendable = staying().filter((w) => rank(view.laneOf(w)) > rank(lane) || (view.laneOf(w) === lane && isStale(w)));
    // The old version of the same model first, then what is wanted least.
    const isOwn = (w: number): number => (view.laneOf(w) === lane ? 1 : 0);
    expendable.sort((a, b) => isOwn(b) - isOwn(a) || byRank(rank(view.laneOf(b)), rank(view.laneOf(a))) || a - b);
    while (view.workerMiB(lane, accelerator) > view.freeMiB(accelerator) && expendable.length > 0) out.evict(expendable.shift()!);
    if (view.workerMiB(lane, accelerator) <= view.freeMiB(accelerator)) out.load(lane, accelerator);
  }
}

/** Ranks may both be Infinity, whose difference is no number. */
const byRank = (a: number, b: number): number => (a === b ? 0 : a - b);

export default definePolicy<'place', Static<typeof Options>>({
  name: 'modi',
  about: 'A central manager gives each site the best models that fit its storage, anew from time to time, and keeps them up to date.',
  source: 'reconstructed: MODI: Ogden, Guo, HotEdge 2018, describes the manager in words; which models are best, and in which order, is ours.',
  decision: 'place',
  options: Options,
  events: [Event.shifted, Event.evicted, Event.free, Event.stored, Event.pullFailed, Event.published, Event.died, Event.returned],
  create: ({ every_s }) => {
    let nextMs: Ms = 0;
    const renewing = new Set<number>();
    const replan = (view: PlaceView, out: PlaceCommands): void => {
      for (const site of new Set(view.accelerators.map((a) => view.siteOf(a)))) {
        const accelerators = view.accelerators.filter((a) => view.siteOf(a) === site);
        const wanted = plan(view, site, accelerators);
        fetch(view, out, site, wanted);
        for (const accelerator of accelerators) load(view, out, accelerator, wanted);
      }
      renewing.clear();
      for (const a of view.accelerators) for (const worker of view.workersOn(a)) if (view.process(worker) === Process.loading) renewing.add(worker);
    };
    return {
      on(event, subject, nowMs, view, out) {
        // Of all that become free only those matter that have just been loaded.
        if (event === Event.free && !renewing.has(subject)) return nextMs;
        if (event === Event.start) assignToFirst(view, out);
        if (nowMs >= nextMs) nextMs = nowMs + every_s * 1000;
        replan(view, out);
        return nextMs;
      },
    };
  },
});
