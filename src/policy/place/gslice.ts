import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, type Ms, type PlaceCommands, type PlaceView } from '../contract.js';
import { gsliceBatch, gsliceMaxMin, gsliceShare, gsliceStepOfGpulet, type GsliceSetting } from '../planners/gslice.js';
import { assignToFirst } from './assign-jobs.js';
import { ShareKeeper } from './share-keeper.js';
import { refusesWithoutShares, shareRates } from './share-rates.js';

const Options = Type.Object(
  {
    period_s: Type.Number({ exclusiveMinimum: 0, default: 2, description: 'time between two steps of the tuner, each of which is measured before the next' }),
    tuner: Type.Union([Type.Literal('igniter'), Type.Literal('gpulet')], { default: 'igniter', description: 'which of the two ports of the tuner' }),
    slo_ms: shareRates.slo_ms,
  },
  { additionalProperties: false },
);
type Options = Static<typeof Options>;

/** Where the tuner begins. */
const FIRST: GsliceSetting = { sharePercent: 30, batch: 1 };

/** Part of the SLO that a batch may take; the rest is for waiting. */
const BUDGET = 0.5;

/** Changes of the batch between two of the share, at most. */
const BATCH_STEPS = 5;

/** A lane's tuner: its setting, and how often the batch was changed since the share was. */
interface Tuner {
  setting: GsliceSetting;
  batchSteps: number;
}

/** The tuner after one step, from what was measured since; the same while nothing comes. */
function stepped({ setting, batchSteps }: Tuner, lane: number, view: PlaceView, { tuner, slo_ms }: Options): Tuner {
  const rateRps = view.arrivalRateRps(lane);
  if (rateRps === 0) return { setting, batchSteps };
  const latencyMs = view.measuredMs(lane);
  const measured = { latencyMs, throughputRps: (1000 * view.measuredBatch(lane)) / latencyMs };
  const demand = { sloMs: BUDGET * (Number.isFinite(view.sloMs(lane)) ? view.sloMs(lane) : slo_ms), rateRps };
  if (tuner === 'gpulet') {
    const { sharePercent, batch } = gsliceStepOfGpulet(setting, measured, demand);
    return { setting: { sharePercent: Math.min(100, Math.max(1, sharePercent)), batch }, batchSteps };
  }
  const batch = gsliceBatch(setting, measured, demand);
  if (batch !== setting.batch && batchSteps < BATCH_STEPS) return { setting: { ...setting, batch }, batchSteps: batchSteps + 1 };
  return { setting: { ...setting, sharePercent: gsliceShare(setting, measured, demand) }, batchSteps: 0 };
}

export default definePolicy<'place', Options>({
  name: 'gslice',
  about: 'Tunes share and batch of each model from its measured latency and throughput, step after step, and divides an accelerator by max-min fairness.',
  source: 'reconstructed: Dhakal, Kulkarni, Ramakrishnan: GSLICE, SoCC 2020, from two ports; that half of the SLO is the budget of a batch, and that capacity stands for throughput, is ours.',
  decision: 'place',
  options: Options,
  events: [Event.free, Event.evicted],
  create: (options, { topology }) => {
    const keeper = new ShareKeeper();
    /** Lanes by accelerator: one tuner each, dealt in turn. */
    const lanesOn = new Map<number, number[]>();
    const tuners = new Map<number, Tuner>();
    let nextMs: Ms = NEVER;

    const deal = (view: PlaceView): void => {
      let turn = 0;
      for (const lane of view.lanes) {
        if (view.variant(lane) > 0) continue;
        const able = view.accelerators.filter((a) => view.siteOf(a) === view.siteOfLane(lane) && view.workerMiB(lane, a) < Infinity);
        if (able.length === 0) continue;
        const accelerator = able[turn++ % able.length];
        lanesOn.set(accelerator, [...(lanesOn.get(accelerator) ?? []), lane]);
        tuners.set(lane, { setting: FIRST, batchSteps: 0 });
      }
    };
    const divide = (view: PlaceView, out: PlaceCommands): void => {
      for (const [accelerator, lanes] of lanesOn) {
        const legal = topology.accelerators.find(({ id }) => id === accelerator)!.shares!.percent;
        const given = gsliceMaxMin(lanes.map((lane) => tuners.get(lane)!.setting.sharePercent), legal);
        lanes.forEach((lane, i) => {
          // Everybody has at least the least, also where max-min fairness leaves the last ones none.
          const sharePercent = given[i] || legal[0];
          out.batch(lane, tuners.get(lane)!.setting.batch);
          keeper.want(lane, new Map([[accelerator, sharePercent]]), view, out);
        });
      }
    };
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.start) {
          if (refusesWithoutShares(topology, 'GSLICE', out)) return NEVER;
          assignToFirst(view, out);
          deal(view);
          divide(view, out);
          nextMs = nowMs + options.period_s * 1000;
        } else if (event === Event.timer) {
          // A lane whose standby is not there yet has not been measured with its setting.
          for (const [accelerator, lanes] of lanesOn)
            for (const lane of lanes) if (isSettled(lane, accelerator, keeper, view)) tuners.set(lane, stepped(tuners.get(lane)!, lane, view, options));
          divide(view, out);
          nextMs = nowMs + options.period_s * 1000;
        } else if (event === Event.free) keeper.free(subject, view, out);
        else keeper.evicted(view, out);
        return nextMs;
      },
    };
  },
});

/** Whether the lane has one worker there, with the share that is asked for. */
function isSettled(lane: number, accelerator: number, keeper: ShareKeeper, view: PlaceView): boolean {
  const there = view.workersOn(accelerator).filter((w) => view.laneOf(w) === lane);
  return there.length === 1 && view.shareOf(there[0]) === keeper.shareOf(lane, accelerator);
}
