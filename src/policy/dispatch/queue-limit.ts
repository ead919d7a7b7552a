import { Type } from '@sinclair/typebox';
import type { DispatchCommands, DispatchView } from '../contract.js';

/** The option that several dispatch policies share. */
export const queueLimit = Type.Optional(
  Type.Integer({ minimum: 0, description: 'requests that may wait at a site; beyond it the newest of the longest lane is turned away. Unlimited if left out' }),
);

/** Turns away the newest request of the longest lane until no more than `limit` wait at the site. */
export function rejectBeyond(limit: number | undefined, view: DispatchView, out: DispatchCommands): void {
  if (limit === undefined) return;
  for (;;) {
    let waiting = 0;
    let longest = view.lanes[0];
    for (const lane of view.lanes) {
      waiting += view.queued(lane);
      if (view.queued(lane) > view.queued(longest)) longest = lane;
    }
    if (waiting <= limit) return;
    out.rejectTail(longest);
  }
}
