import { Event, NEVER, NONE } from '../policy/contract.js';
import type { Bundle, Control } from './control.js';
import { PolicyError } from './policy-error.js';

/** A policy that is woken so often without any time passing would be for ever. */
const MAX_TIMERS_AT_ONCE = 10_000;

/**
 * When each decision wants to be asked again. To drivers they are numbers, in the order in which those of one moment come: dispatch
 * of each site, retraining of each site, the supervisor, the deadlines at which answers are held, placement, late commands of each site.
 */
export class Wakes {
  private readonly control: Control;
  private readonly bundle: Bundle;
  private readonly atMs: Float64Array;
  private readonly firstRetrain: number;
  private readonly supervisorAt: number;
  private readonly legsAt: number;
  private readonly placementAt: number;
  private readonly firstLate: number;
  /** Wake-ups since time last went on. */
  private atOnce = 0;

  constructor(control: Control, bundle: Bundle) {
    const { siteCount } = control;
    this.control = control;
    this.bundle = bundle;
    this.firstRetrain = siteCount;
    this.supervisorAt = 2 * siteCount;
    this.legsAt = this.supervisorAt + 1;
    this.placementAt = this.legsAt + 1;
    this.firstLate = this.placementAt + 1;
    this.atMs = new Float64Array(this.firstLate + siteCount).fill(NEVER);
  }

  dispatch(site: number, atMs: number): void {
    this.set(site, atMs);
  }

  retrain(site: number, atMs: number): void {
    this.set(this.firstRetrain + site, atMs);
  }

  supervisor(atMs: number): void {
    this.set(this.supervisorAt, atMs);
  }

  legs(atMs: number): void {
    this.set(this.legsAt, atMs);
  }

  placement(atMs: number): void {
    this.set(this.placementAt, atMs);
  }

  late(site: number, atMs: number): void {
    this.set(this.firstLate + site, atMs);
  }

  /** A wake-up is due. @throws PolicyError if its policy is woken for ever */
  due(decision: number, nowMs: number): void {
    const { control } = this;
    this.atOnce = nowMs === control.nowMs ? this.atOnce + 1 : 0;
    control.nowMs = nowMs;
    this.atMs[decision] = NEVER;
    if (decision === this.supervisorAt) return control.supervisor.timer();
    if (decision === this.legsAt) return control.legs.timer();
    if (this.atOnce > MAX_TIMERS_AT_ONCE) this.refuse(decision, nowMs);
    if (decision >= this.firstLate) control.carryOutLate(decision - this.firstLate);
    else if (decision === this.placementAt) control.placement.ask(Event.timer, NONE);
    else if (decision < this.firstRetrain) {
      control.askDispatch(decision, Event.timer, NONE);
      control.watchWork(decision);
    } else control.askRetrain(decision - this.firstRetrain, Event.timer, NONE);
  }

  private set(decision: number, atMs: number): void {
    if (atMs === this.atMs[decision]) return;
    if (!(atMs >= -Infinity)) this.refuse(decision, atMs);
    this.atMs[decision] = atMs;
    this.control.driver.wake(decision, atMs);
  }

  private refuse(decision: number, answer: unknown): never {
    const { dispatch, retrain, place } = this.bundle;
    const [kind, hired] =
      decision < this.firstRetrain ? (['dispatch', dispatch[decision]] as const)
      : decision < this.supervisorAt ? (['retrain', retrain[decision - this.firstRetrain]] as const)
      : (['place', place] as const);
    throw new PolicyError(kind, `${hired.definition.name} returned ${String(answer)} from on(); it must return the time of the next wake-up in ms, later than now, or NEVER`);
  }
}
