import { Type, type Static } from '@sinclair/typebox';
import type { PlaceCommands, PlaceView, Topology } from '../contract.js';

/** Options of placements that plan shares from rates. */
export const shareRates = {
  rates_rps: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.Number({ exclusiveMinimum: 0 }), { description: 'requests per second by app; apps that are not named are measured first' })),
  assumed_rps: Type.Number({ exclusiveMinimum: 0, default: 10, description: 'what is planned for an app whose rate is neither given nor measured yet' }),
  observe_s: Type.Number({ exclusiveMinimum: 0, default: 60, description: 'how long the rates that are not given are measured before the one further plan that is made with them' }),
  slo_ms: Type.Number({ exclusiveMinimum: 0, default: 1000, description: 'SLO that apps without one are planned for' }),
  most_batch: Type.Integer({ minimum: 1, default: 32, description: 'largest batch' }),
};
const _Rates = Type.Object(shareRates);
export type ShareRates = Static<typeof _Rates>;

/** What a lane asks of the accelerators of its site. */
export interface LaneDemand {
  lane: number;
  sloMs: number;
  rateRps: number;
}

/** Demands of the first variants of a site's lanes. @param measuredRps what was measured of a lane, undefined if nothing was */
export function demandsAt(view: PlaceView, site: number, options: ShareRates, measuredRps: (lane: number) => number | undefined): LaneDemand[] {
  const lanes = view.lanes.filter((lane) => view.siteOfLane(lane) === site && view.variant(lane) === 0);
  return lanes.map((lane) => ({
    lane,
    sloMs: Number.isFinite(view.sloMs(lane)) ? view.sloMs(lane) : options.slo_ms,
    rateRps: options.rates_rps?.[view.app(lane)] ?? measuredRps(lane) ?? options.assumed_rps,
  }));
}

/** Whether every app's rate is given. */
export const allGiven = (view: PlaceView, { rates_rps = {} }: Pick<ShareRates, 'rates_rps'>): boolean => view.lanes.every((lane) => Object.hasOwn(rates_rps, view.app(lane)));

/** Refuses a fleet in which the profile of an accelerator does not say what shares cost. @returns whether it did */
export function refusesWithoutShares(topology: Topology, name: string, out: PlaceCommands): boolean {
  const without = topology.accelerators.filter(({ models, shares }) => models.length > 0 && shares === undefined);
  for (const accelerator of without) out.refuse(`${name} gives shares of an accelerator, and the profile of ${accelerator.name} does not say what they cost: add \`shares\` to it, or use a profile that has them, such as calibration/v100-igniter.json`);
  return without.length > 0;
}
