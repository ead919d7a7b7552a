import { Event, NONE, type DecisionOf } from '../policy/contract.js';
import { ArrivalRates } from './arrival-rates.js';
import type { Control, Hired } from './control.js';
import { PlaceDesk } from './place-desk.js';
import { eventBits } from './wants.js';

/** The placement at work: asks its policy at the start, when its timer is due, and about what it wants to know. */
export class Placement {
  readonly desk: PlaceDesk;
  readonly rates: ArrivalRates;
  /** Whether the policy loads itself what died or was lost. */
  readonly restores: boolean;
  /** Whether it wants to know of anything after the start. */
  readonly isAtWork: boolean;
  private readonly control: Control;
  private readonly decision: DecisionOf<'place'>;
  private readonly wants: number;

  constructor(control: Control, { definition, decision }: Hired<'place'>) {
    const { events = [], restores = false } = definition;
    this.control = control;
    this.decision = decision;
    this.desk = new PlaceDesk(control);
    this.rates = new ArrivalRates(control.lanes.length);
    this.restores = restores;
    this.isAtWork = events.length > 0;
    this.wants = eventBits(events);
  }

  /** @returns why the placement is impossible, if it is */
  begin(): string[] {
    this.ask(Event.start, NONE);
    this.desk.begun = true;
    return this.desk.refusals;
  }

  ask(event: Event, subject: number): void {
    if ((this.wants & (1 << event)) === 0) return;
    const { control, desk } = this;
    // Without its manager nobody decides; it is asked again when that is back.
    if (control.storage?.isManagerLost === true && !this.restores) return;
    control.wakes.placement(this.decision.on(event, subject, control.nowMs, desk, desk));
    control.processes.tellRejoined();
  }

  /** A request joined a lane. */
  arrived(lane: number): void {
    if (this.rates.arrived(lane, this.control.nowMs)) this.ask(Event.shifted, lane);
    this.ask(Event.arrived, lane);
  }
}
