import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, type PlaceCommands, type PlaceView, type Shares } from '../contract.js';
import { planShares, type IgniterShare, type ShareOracle } from '../planners/igniter.js';
import { assignToFirst } from './assign-jobs.js';
import { RateWatch } from './rate-watch.js';
import { ShareKeeper } from './share-keeper.js';
import { allGiven, demandsAt, refusesWithoutShares, shareRates } from './share-rates.js';

const Options = Type.Object(shareRates, { additionalProperties: false });
type Options = Static<typeof Options>;

/** An accelerator as its profile has it; the transfer of images is in the profile's times, so a batch need not wait for it. */
function oracleOf({ percent, aloneMs, togetherMs }: Shares): ShareOracle<string> {
  return {
    batchFor: ({ rateRps }, budgetMs) => Math.max(1, Math.ceil((budgetMs * rateRps) / 1000)),
    leastShare: (model, batch, budgetMs) => percent.find((sharePercent) => aloneMs({ model, batch, sharePercent }) <= budgetMs) ?? Infinity,
    nextShare: (sharePercent) => percent.find((each) => each > sharePercent) ?? Infinity,
    together: (residents) => togetherMs(residents).map((latencyMs, i) => ({ latencyMs, throughputRps: (1000 * residents[i].batch) / latencyMs })),
  };
}

/** Gives the planned GPUs to the site's accelerators in order. What finds none gets what is left where most is, and is short of it. */
function placed(plan: readonly (readonly IgniterShare[])[], accelerators: readonly number[], percent: readonly number[]) {
  const left = accelerators.map(() => 100);
  return plan.flatMap((residents, gpu) =>
    residents.map(({ name, batch, sharePercent: planned }) => {
      const at = gpu < accelerators.length ? gpu : left.indexOf(Math.max(...left));
      const sharePercent = gpu < accelerators.length ? planned : (percent.filter((each) => each <= left[at]).pop() ?? percent[0]);
      left[at] -= sharePercent;
      return { name, accelerator: accelerators[at], sharePercent, batch };
    }),
  );
}

export default definePolicy<'place', Options>({
  name: 'igniter',
  about: 'Plans from rates and SLOs which models share which GPU, in which batches and with which shares, so that half of each SLO holds beside all neighbours.',
  source: 'reconstructed: Xu et al., iGniter, IEEE TPDS 34(3), 2023: the provisioning is theirs; that rates which are not given are measured, and planned for once, is ours.',
  decision: 'place',
  options: Options,
  events: [Event.free, Event.evicted],
  create: (options, { topology }) => {
    const keeper = new ShareKeeper();
    const watch = new RateWatch(options.observe_s * 1000);
    /** @throws RangeError if a demand is too much for a GPU of its own */
    const planAt = (view: PlaceView, out: PlaceCommands, site: number, measured: boolean): void => {
      const accelerators = view.accelerators.filter((a) => view.siteOf(a) === site);
      const shares = topology.accelerators.find(({ id }) => id === accelerators[0])?.shares;
      const demands = demandsAt(view, site, options, (lane) => watch.rateRps(lane)).map(({ lane, ...demand }) => ({ ...demand, lane, name: `app ${view.app(lane)} (lane ${lane})`, model: view.model(lane) }));
      if (shares === undefined || demands.length === 0) return;
      const plan = planShares(oracleOf(shares), demands, options.most_batch);
      if (!measured && allGiven(view, options) && plan.length > accelerators.length)
        out.refuse(`iGniter's plan for these rates and SLOs needs ${plan.length} GPUs, there are ${accelerators.length}: set: { sites.${site}.accelerators.0.count: ${plan.length} }`);
      const parts = placed(plan, accelerators, shares.percent);
      for (const { lane, name } of demands) {
        const own = parts.filter((part) => part.name === name);
        out.batch(lane, Math.max(...own.map(({ batch }) => batch)));
        keeper.want(lane, new Map(own.map(({ accelerator, sharePercent }) => [accelerator, sharePercent])), view, out);
      }
    };
    const planAll = (view: PlaceView, out: PlaceCommands, measured: boolean): void => {
      for (const site of new Set(view.accelerators.map((a) => view.siteOf(a)))) {
        try {
          planAt(view, out, site, measured);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          // During the run the plan that there is stays.
          if (!measured) out.refuse(error.message);
        }
      }
    };
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.start) {
          if (refusesWithoutShares(topology, 'iGniter', out)) return NEVER;
          assignToFirst(view, out);
          planAll(view, out, false);
          if (!allGiven(view, options)) watch.begin(nowMs);
        } else if (event === Event.timer) {
          if (watch.look(nowMs, view)) planAll(view, out, true);
        } else if (event === Event.free) keeper.free(subject, view, out);
        else keeper.evicted(view, out);
        return watch.nextMs;
      },
    };
  },
});
