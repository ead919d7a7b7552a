import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, NONE, Process, type PlaceCommands, type PlaceView } from '../contract.js';
import { assignToFirst } from './assign-jobs.js';

const Options = Type.Object(
  {
    processes: Type.Optional(
      Type.Integer({ minimum: 1, description: 'workers on each accelerator at most. If left out: as many as the dispatch policy runs at once, or as the memory holds if it has no limit' }),
    ),
    retry_after_s: Type.Number({ minimum: 0.001, default: 1, description: 'nothing is loaded on an accelerator for so long after a worker died there' }),
  },
  { additionalProperties: false },
);
type Options = Static<typeof Options>;

const isStored = (view: PlaceView, lane: number): boolean => view.modelOf(lane) === NONE || view.stored(view.siteOfLane(lane), view.modelOf(lane)) > 0;

/** The waiting lanes of which no worker is anywhere, the one whose head came first before the others. */
function inWant(view: PlaceView): number[] {
  const lanes = view.lanes.filter((lane) => view.queued(lane) > 0 && isStored(view, lane) && view.accelerators.every((a) => view.residents(lane, a) === 0));
  return lanes.sort((a, b) => view.headArrivedMs(a) - view.headArrivedMs(b) || a - b);
}

/** Idle workers that may go for a request that came at this time, those that have rested longest first. */
function idleOn(view: PlaceView, accelerator: number, arrivedMs: number): number[] {
  const idle = view.workersOn(accelerator).filter((w) => view.process(w) === Process.idle && view.headArrivedMs(view.laneOf(w)) > arrivedMs);
  return idle.sort((a, b) => view.restedMs(a) - view.restedMs(b) || a - b);
}

/** Of these idle workers, the first so many that make room for the lane; undefined if all of them together do not. */
function toGo(view: PlaceView, lane: number, accelerator: number, limit: number, idle: readonly number[]): readonly number[] | undefined {
  let count = view.workersOn(accelerator).length;
  let freeMiB = view.freeMiB(accelerator);
  const needMiB = view.workerMiB(lane, accelerator);
  for (let going = 0; ; going++) {
    if (count < limit && needMiB <= freeMiB) return idle.slice(0, going);
    if (going === idle.length) return undefined;
    count--;
    freeMiB += view.workerMiB(view.laneOf(idle[going]), accelerator);
  }
}

/** Loads the lane where fewest have to go for it, if there is room to be made. */
function makeRoom(view: PlaceView, out: PlaceCommands, lane: number, limits: readonly number[], heldUntilMs: readonly number[], nowMs: number): void {
  let best = NONE;
  let going: readonly number[] | undefined;
  for (const accelerator of view.accelerators) {
    if (view.siteOf(accelerator) !== view.siteOfLane(lane) || view.workerMiB(lane, accelerator) === Infinity || heldUntilMs[accelerator] > nowMs) continue;
    const here = toGo(view, lane, accelerator, limits[accelerator], idleOn(view, accelerator, view.headArrivedMs(lane)));
    if (here === undefined || (going !== undefined && going.length <= here.length)) continue;
    best = accelerator;
    going = here;
  }
  if (going === undefined) return;
  for (const worker of going) out.evict(worker);
  out.load(lane, best);
}

/** One worker of each lane in turn, again and again, while limit and memory allow it. */
function fill(view: PlaceView, out: PlaceCommands, accelerator: number, limit: number): void {
  const lanes = view.lanes.filter((lane) => view.siteOfLane(lane) === view.siteOf(accelerator) && view.workerMiB(lane, accelerator) < Infinity && isStored(view, lane));
  // Without a limit there is no point in a second copy, and without a stated memory no end of them.
  const most = limit === Infinity ? lanes.length : limit;
  for (let i = 0; i < most && lanes.length > 0; i++) {
    const lane = lanes[i % lanes.length];
    if (view.workerMiB(lane, accelerator) <= view.freeMiB(accelerator)) out.load(lane, accelerator);
  }
}

export default definePolicy<'place', Options>({
  name: 'on-demand',
  about: 'A fixed number of processes serves any number of apps: a request whose model is nowhere loaded takes the place of the process that has been idle longest.',
  source: 'reconstructed: Corun (Liu, Andhare, Kang, Sensors 24(16), 2024): its server processes load another model when one is asked for; which process does is not said.',
  decision: 'place',
  options: Options,
  events: [Event.arrived, Event.free, Event.evicted, Event.died, Event.outOfMemory, Event.lost, Event.returned],
  restores: true,
  create: ({ processes, retry_after_s }) => {
    const limits: number[] = [];
    const heldUntilMs: number[] = [];
    const begin = (view: PlaceView, out: PlaceCommands): void => {
      assignToFirst(view, out);
      for (const accelerator of view.accelerators) limits[accelerator] = processes ?? view.concurrency(accelerator);
      for (const lane of view.lanes) {
        const fits = view.accelerators.some((a) => view.siteOf(a) === view.siteOfLane(lane) && limits[a] > 0 && view.workerMiB(lane, a) < Infinity && view.workerMiB(lane, a) <= view.freeMiB(a));
        if (!fits && view.variant(lane) === 0) out.refuse(`app ${view.app(lane)} has no accelerator at its site that knows its model and has the memory for it${view.jobs.length > 0 ? ' beside the retraining job' : ''}`);
      }
      // What is loaded later must lie there, as far as there is room.
      for (const lane of view.lanes) if (!isStored(view, lane) && view.sizeMiB(view.modelOf(lane)) <= view.storageFreeMiB(view.siteOfLane(lane))) out.pull(view.siteOfLane(lane), view.modelOf(lane));
      for (const accelerator of view.accelerators) fill(view, out, accelerator, limits[accelerator]);
    };
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.start) {
          begin(view, out);
          return NEVER;
        }
        if (event === Event.died || event === Event.outOfMemory) heldUntilMs[subject] = nowMs + retry_after_s * 1000;
        // The common case: what came finds its model loaded.
        if (event !== Event.arrived || view.accelerators.every((a) => view.residents(subject, a) === 0))
          for (const lane of inWant(view)) makeRoom(view, out, lane, limits, heldUntilMs, nowMs);
        const later = heldUntilMs.filter((atMs) => atMs > nowMs);
        return later.length > 0 ? Math.min(...later) : NEVER;
      },
    };
  },
});
