import type { Control } from './control.js';
import { Outcome } from './driver.js';

/**
 * Sites that other processes run. What is known of them here is what they tell, and what comes of the requests that were sent
 * there; their queues, workers and policies are theirs.
 */
export class Elsewhere {
  /** By site. */
  private readonly isElsewhere: Uint8Array;
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
    this.isElsewhere = Uint8Array.from(control.system.sites, ({ elsewhere }) => (elsewhere === true ? 1 : 0));
  }

  has(site: number): boolean {
    return this.isElsewhere[site] === 1;
  }

  /** The answer to a request that was sent there is here; the model of this lane gave it. */
  answered(request: number, lane: number, nowMs: number): void {
    this.control.nowMs = nowMs;
    this.control.requests.lane[request] = lane;
    this.control.end(request, Outcome.answered);
  }

  /** A request that was sent there was turned away. */
  rejected(request: number, nowMs: number): void {
    this.control.nowMs = nowMs;
    this.control.end(request, Outcome.rejected);
  }

  /** A request did not get there, or failed there, or its answer was lost: its client sends it again, if it may. */
  turnedBack(request: number, nowMs: number): void {
    const { control } = this;
    control.nowMs = nowMs;
    if (control.requests.legs[request] !== 0 && control.legs.isWithdrawn(request)) control.legs.discard(request);
    else control.displaced(request);
  }

  /** How long a request was on its way there. */
  uploadTook(app: number, site: number, uploadMs: number): void {
    this.control.reportUpload(app * this.control.siteCount + site, uploadMs);
  }

  /** How many workers there have loaded a lane's model. */
  loaded(lane: number, workers: number): void {
    this.control.processes.countLoaded(lane, workers - this.control.loadedWorkers[lane]);
  }

  /** What a batch of a lane takes there at present. */
  takes(lane: number, serviceMs: number): void {
    this.control.measuredMs[lane] = serviceMs;
  }

  /** How right the answers of a lane are, a fraction. */
  isRight(lane: number, accuracy: number): void {
    this.control.accuracy[lane] = accuracy;
  }
}
