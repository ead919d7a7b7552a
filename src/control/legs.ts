import { Answer, NEVER, NONE } from '../policy/contract.js';
import type { Control } from './control.js';
import { Due } from './due.js';
import { Outcome } from './driver.js';

/** What `Requests.legs` says of a record, as bits; 0: the only leg that its request ever had. */
export const Leg = {
  /** Its request was duplicated: it has or had another leg. */
  ofTwo: 1,
  second: 2,
  /** Its answer is at the client, where it waits for a better one until the deadline. */
  held: 4,
  /** Its request has ended; what is still under way of it is thrown away. */
  withdrawn: 8,
  /** The best answer at the deadline counts, not the first. */
  best: 16,
} as const;

/**
 * The second legs. A leg is a record of the request table like any other, so that it queues, starts, fails and is tried
 * again like any other; the two of a request know each other. The books know requests only: the leg whose answer counts,
 * or the last one to fail, ends the request, and the other one is withdrawn.
 */
export class Legs {
  /** Requests with two living legs, records whose request has ended, and answers that are held. */
  pairs = 0;
  strays = 0;
  held = 0;
  /** Requests that were duplicated so far. */
  duplicated = 0;
  /** Worker time of the legs whose answer did not count. */
  wastedMs = 0;
  private readonly control: Control;
  private readonly deadlines = new Due();

  constructor(control: Control) {
    this.control = control;
  }

  /** Makes the second leg of a request. @returns its record */
  duplicate(request: number, path: readonly number[], answer: Answer): number {
    const { requests, driver } = this.control;
    const leg = requests.allocate();
    for (const column of [requests.app, requests.ordinal, requests.bornMs, requests.deadlineMs]) column[leg] = column[request];
    requests.stage[leg] = requests.attempts[leg] = requests.servedMs[leg] = 0;
    requests.arrivedMs[leg] = requests.startedMs[leg] = -1;
    requests.lane[leg] = NONE;
    for (const [stage, site] of path.entries()) requests.path[leg * requests.stageCount + stage] = site;
    const rule = answer === Answer.bestAtDeadline ? Leg.best : 0;
    requests.legs[request] = Leg.ofTwo | rule;
    requests.legs[leg] = Leg.ofTwo | Leg.second | rule;
    requests.servedMs[request] = 0;
    requests.other[request] = leg;
    requests.other[leg] = request;
    this.pairs++;
    this.duplicated++;
    driver.duplicated(request, leg);
    return leg;
  }

  isWithdrawn(leg: number): boolean {
    return (this.control.requests.legs[leg] & Leg.withdrawn) !== 0;
  }

  /** Throws away what came of a leg whose request has ended. */
  discard(leg: number): void {
    this.strays--;
    this.release(leg);
  }

  /**
   * A leg of a duplicated request came to an end.
   *
   * @returns whether its request ends with it; the other leg is then withdrawn already
   */
  concludes(leg: number, outcome: Outcome): boolean {
    const { requests } = this.control;
    if (this.isWithdrawn(leg)) {
      this.discard(leg);
      return false;
    }
    const other = requests.other[leg];
    if (other === NONE) {
      if (this.isHeld(leg)) this.held--;
      return true;
    }
    if (outcome === Outcome.unfinished) {
      this.abandon(leg, other);
      return true;
    }
    if (outcome !== Outcome.answered) {
      this.part(leg, other);
      this.release(leg);
      // The answer that was waiting for this one is the best there will be.
      if (this.isHeld(other)) this.control.end(other, Outcome.answered);
      return false;
    }
    if (this.mayBeBettered(leg, other)) {
      this.hold(leg);
      return false;
    }
    if (this.isHeld(other) && this.isBetter(other, leg)) {
      this.part(leg, other);
      this.release(leg);
      this.control.end(other, Outcome.answered);
      return false;
    }
    this.withdraw(leg, other);
    return true;
  }

  /** A deadline at which answers are held has come. */
  timer(): void {
    const { requests, nowMs } = this.control;
    while (this.deadlines.firstMs <= nowMs) {
      const leg = this.deadlines.shift();
      // The record may have ended since, or stand for another request; if that one's deadline has come as well, so much the better.
      if (requests.alive[leg] === 1 && this.isHeld(leg) && !this.isWithdrawn(leg) && requests.deadlineMs[leg] <= nowMs) this.control.end(leg, Outcome.answered);
    }
    this.control.wakes.legs(this.deadlines.firstMs);
  }

  private isHeld(leg: number): boolean {
    return (this.control.requests.legs[leg] & Leg.held) !== 0;
  }

  private hold(leg: number): void {
    const { requests } = this.control;
    requests.legs[leg] |= Leg.held;
    this.held++;
    const deadlineMs = requests.deadlineMs[leg];
    if (deadlineMs === NEVER) return;
    this.deadlines.add(deadlineMs, leg);
    if (this.deadlines.firstMs === deadlineMs) this.control.wakes.legs(deadlineMs);
  }

  /** Whether this leg's answer is to wait: the best at the deadline counts, that is still to come, and the other leg may do better until then. */
  private mayBeBettered(leg: number, other: number): boolean {
    const { requests, nowMs } = this.control;
    if ((requests.legs[leg] & Leg.best) === 0 || nowMs >= requests.deadlineMs[leg] || this.isHeld(other)) return false;
    const [its, best] = [this.accuracyOf(leg), this.bestOf(other)];
    // Where accuracies are not known, the first leg is the preferred one.
    return its >= best ? false : its < best || this.isSecond(leg);
  }

  private isBetter(leg: number, than: number): boolean {
    const [its, others] = [this.accuracyOf(leg), this.accuracyOf(than)];
    return its > others ? true : its <= others ? its === others && !this.isSecond(leg) : !this.isSecond(leg);
  }

  private isSecond(leg: number): boolean {
    return (this.control.requests.legs[leg] & Leg.second) !== 0;
  }

  private accuracyOf(leg: number): number {
    return this.control.accuracy[this.control.requests.lane[leg]];
  }

  /** The highest accuracy that a leg under way can still have: that of its lane in the last stage, or of any variant there before one is chosen. */
  private bestOf(leg: number): number {
    const { requests, laneSpecs, system, accuracy, variants } = this.control;
    const app = requests.app[leg];
    const last = system.apps[app].stages.length - 1;
    const site = requests.path[leg * requests.stageCount + last];
    const lane = requests.lane[leg];
    if (lane !== NONE && laneSpecs[lane].stage === last && laneSpecs[lane].site === site) return accuracy[lane];
    const first = this.control.laneFor(app, last, site);
    let best = accuracy[first];
    for (let variant = 1; variant < variants[first]; variant++) best = Math.max(best, accuracy[first + variant]);
    return best;
  }

  /** The request of two legs goes on, or ends, with the other one. */
  private part(leg: number, other: number): void {
    const { requests } = this.control;
    requests.other[leg] = requests.other[other] = NONE;
    this.pairs--;
  }

  /** The request ends with one leg: the other one leaves its queue, or is thrown away when it turns up. */
  private withdraw(leg: number, other: number): void {
    const { requests, lanes } = this.control;
    if (this.isHeld(leg)) this.held--;
    this.part(leg, other);
    const lane = requests.lane[other];
    if (this.isHeld(other)) {
      this.held--;
      this.release(other);
    } else if (lane !== NONE && lanes[lane].remove(other)) {
      this.release(other);
      this.control.withdrew(lane);
    } else {
      requests.legs[other] |= Leg.withdrawn;
      this.strays++;
    }
  }

  /** The run is over: nothing leaves a queue, and no policy is told. */
  private abandon(leg: number, other: number): void {
    for (const its of [leg, other]) if (this.isHeld(its)) this.held--;
    this.part(leg, other);
    this.control.requests.legs[other] |= Leg.withdrawn;
    this.strays++;
  }

  private release(leg: number): void {
    const { requests } = this.control;
    this.wastedMs += requests.servedMs[leg];
    requests.release(leg);
  }
}
