import { Event } from '../policy/contract.js';

/** Events that a policy wants, as bits; `start` and `timer` always. */
export function eventBits(listed: readonly Event[]): number {
  return [...listed, Event.start, Event.timer].reduce<number>((bits, event) => bits | (1 << event), 0);
}
