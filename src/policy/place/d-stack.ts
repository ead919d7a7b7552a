import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, type Ms, type PlaceCommands, type PlaceView, type Shares } from '../contract.js';
import { kneePercent, mostEfficacious } from '../planners/d-stack.js';
import { assignToFirst } from './assign-jobs.js';
import { RateWatch } from './rate-watch.js';
import { ShareKeeper } from './share-keeper.js';
import { allGiven, demandsAt, refusesWithoutShares, shareRates, type LaneDemand } from './share-rates.js';

const Options = Type.Object(
  { ...shareRates, least_gain: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.05, description: 'part of the latency that ten further points of share have to take off to be worth it' }) },
  { additionalProperties: false },
);

/** Points of share between two steps of the curve at least: the gain of a step says nothing without its width. */
const STEP_PERCENT = 10;

/** Of these shares, the first and those that are at least a step beyond the one before. */
function stepsOf(percent: readonly number[]): number[] {
  const steps: number[] = [];
  for (const share of percent) if (steps.length === 0 || share - steps[steps.length - 1] >= STEP_PERCENT) steps.push(share);
  return steps;
}

/** Share at the knee, and the batch that makes the most of it; beyond the knee only if no batch is fast enough there. */
function settingOf({ percent, aloneMs }: Shares, model: string, { sloMs, rateRps }: LaneDemand, leastGain: number, mostBatch: number): { sharePercent: number; batch: number } {
  const latencyMs = (batch: number, sharePercent: number): Ms => aloneMs({ model, batch, sharePercent });
  const steps = stepsOf(percent);
  const knee = kneePercent({ sharePercent: steps, latencyMs: steps.map((share) => latencyMs(1, share)) }, leastGain);
  const demand = { mostBatch, sloMs, rateRps };
  return mostEfficacious(latencyMs, { ...demand, shares: [knee] }) ?? mostEfficacious(latencyMs, { ...demand, shares: percent.filter((share) => share > knee) }) ?? { sharePercent: 100, batch: 1 };
}

export default definePolicy<'place', Static<typeof Options>>({
  name: 'd-stack',
  about: 'Every model has a worker at its knee, the share beyond which more of the accelerator hardly makes it faster, and the batch with the highest efficacy there.',
  source: 'reconstructed: Dhakal, Kulkarni, Ramakrishnan: D-STACK, TCC 12(4), 2024: the knee from the profile’s curve, since the parameters of its analytic model are not published; efficacy is recalled.',
  decision: 'place',
  options: Options,
  events: [Event.free, Event.evicted],
  create: (options, { topology }) => {
    const keeper = new ShareKeeper();
    const watch = new RateWatch(options.observe_s * 1000);
    const plan = (view: PlaceView, out: PlaceCommands): void => {
      for (const site of new Set(view.accelerators.map((a) => view.siteOf(a)))) {
        const here = topology.accelerators.filter(({ id }) => view.accelerators.includes(id) && view.siteOf(id) === site);
        for (const demand of demandsAt(view, site, options, (lane) => watch.rateRps(lane))) {
          const { lane } = demand;
          const shares = new Map<number, number>();
          let batch = 1;
          for (const { id, shares: known } of here) {
            if (known === undefined || view.workerMiB(lane, id) === Infinity) continue;
            const setting = settingOf(known, view.model(lane), demand, options.least_gain, options.most_batch);
            shares.set(id, setting.sharePercent);
            batch = Math.max(batch, setting.batch);
          }
          if (shares.size === 0) continue;
          out.batch(lane, batch);
          keeper.want(lane, shares, view, out);
        }
      }
    };
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.start) {
          if (refusesWithoutShares(topology, 'D-STACK', out)) return NEVER;
          assignToFirst(view, out);
          plan(view, out);
          if (!allGiven(view, options)) watch.begin(nowMs);
        } else if (event === Event.timer) {
          if (watch.look(nowMs, view)) plan(view, out);
        } else if (event === Event.free) keeper.free(subject, view, out);
        else keeper.evicted(view, out);
        return watch.nextMs;
      },
    };
  },
});
