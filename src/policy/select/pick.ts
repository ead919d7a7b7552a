import { Type } from '@sinclair/typebox';
import { NONE, type Ms, type SelectView } from '../contract.js';

/** Whose times a policy goes by. */
export const timesOption = Type.Union([Type.Literal('measured'), Type.Literal('profile')], {
  default: 'measured',
  description: 'whether it goes by the times observed at the site, which neighbours are part of, or by those of the profile',
});
export type Times = 'measured' | 'profile';

/** Mean time of a variant. */
export function meanMs(view: SelectView, lane: number, times: Times): Ms {
  return times === 'profile' ? view.profiledMs(lane) : view.measuredMs(lane);
}

/** Mean plus γ standard deviations. */
export function cautiousMs(view: SelectView, lane: number, times: Times, gamma: number): Ms {
  return times === 'profile' ? view.profiledMs(lane) + gamma * view.profiledSdMs(lane) : view.measuredMs(lane) + gamma * view.measuredSdMs(lane);
}

/** The variant with the shortest mean time; of equals the first. */
export function fastest(view: SelectView, times: Times): number {
  const { lanes } = view;
  let best = lanes[0];
  for (let i = 1; i < lanes.length; i++) if (meanMs(view, lanes[i], times) < meanMs(view, best, times)) best = lanes[i];
  return best;
}

/** The most accurate variant whose mean time plus γ standard deviations is below the limit, of equals the first; NONE if there is none. */
export function mostAccurateBelow(view: SelectView, times: Times, gamma: number, limitMs: Ms): number {
  const { lanes } = view;
  let best = NONE;
  let most = -1;
  for (let i = 0; i < lanes.length; i++) {
    const accuracy = view.accuracy(lanes[i]);
    if (accuracy > most && cautiousMs(view, lanes[i], times, gamma) < limitMs) {
      best = lanes[i];
      most = accuracy;
    }
  }
  return best;
}

/**
 * Time that is left for the model when the answer needs as long for its way as the request did: T_sla − 2 T_input, where
 * T_input is this request's measured upload time. Source: MDInference's released code (Ogden and Guo, IC2E 2020).
 */
export function budgetMs(view: SelectView): Ms {
  return view.leftMs - view.uploadMs;
}

/** One of the lanes with probability in proportion to its weight; NONE if all weights are 0. @param u uniform on [0, 1) */
export function drawn(lanes: readonly number[], weight: (lane: number) => number, u: number): number {
  let total = 0;
  for (let i = 0; i < lanes.length; i++) total += weight(lanes[i]);
  let left = u * total;
  let last = NONE;
  for (let i = 0; i < lanes.length; i++) {
    const its = weight(lanes[i]);
    if (its <= 0) continue;
    last = lanes[i];
    left -= its;
    if (left < 0) break;
  }
  return last;
}
