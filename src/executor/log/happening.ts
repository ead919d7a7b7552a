import type { Control } from '../../control/control.js';

/** What a driver tells control, as numbers: all that control ever learns of the world, in the order in which it learnt it. */
export const Kind = {
  /** subject: app; value: SLO in ms, Infinity without one. Its ordinal is how many of its app came before it. */
  born: 1,
  /** subject: worker. */
  finished: 2,
  loaded: 3,
  outOfMemory: 4,
  died: 5,
  /** subject: accelerator. */
  acceleratorLost: 6,
  acceleratorReturned: 7,
  /** subject: job. */
  epochEnded: 8,
  paused: 9,
  /** value: 1 if the weights were better, else 0. */
  deployed: 10,
  /** value: version × 2, plus 1 if the answer was right. */
  labelled: 11,
  /** subject: decision. */
  timer: 12,
  /** The run ends; value: requests that are under way to sites elsewhere. */
  close: 13,
  /** The request that is born next was sent by another process so many ms before (value). */
  underWay: 14,
  /** subject: site. */
  siteLost: 15,
  siteReturned: 16,
  /** subject: request that was sent elsewhere; value: the lane whose model answered it. */
  answeredElsewhere: 17,
  rejectedElsewhere: 18,
  turnedBack: 19,
  /** subject: app × sites + site; value: ms. */
  uploadTook: 20,
  /** What a site elsewhere tells. subject: lane; value: workers, ms, and a fraction. */
  loadedElsewhere: 21,
  takesElsewhere: 22,
  isRightElsewhere: 23,
} as const;

/** Times in ms since the run began. */
export interface Happening {
  kind: number;
  subject: number;
  value: number;
  nowMs: number;
}

/** Tells control what happened. The executor and the replay of its log go through here, so that both do the same. */
export class Teller {
  private readonly control: Control;
  private readonly ordinals: number[];
  private readonly onBorn: (request: number) => void;
  private underWayMs = 0;

  /** @param onBorn is called between a request's birth and its way to a worker */
  constructor(control: Control, onBorn: (request: number) => void = () => {}) {
    this.control = control;
    this.ordinals = control.system.apps.map(() => 0);
    this.onBorn = onBorn;
  }

  tell({ kind, subject, value, nowMs }: Happening): void {
    const { control } = this;
    switch (kind) {
      case Kind.born: {
        const request = control.born(subject, this.ordinals[subject]++, value, nowMs, nowMs - this.underWayMs);
        this.underWayMs = 0;
        this.onBorn(request);
        return control.route(request);
      }
      case Kind.finished:
        return control.finished(subject, nowMs);
      case Kind.loaded:
        return control.loaded(subject, nowMs);
      case Kind.outOfMemory:
        return control.outOfMemory(subject, nowMs);
      case Kind.died:
        return control.died(subject, nowMs);
      case Kind.acceleratorLost:
        return control.acceleratorLost(subject, nowMs);
      case Kind.acceleratorReturned:
        return control.acceleratorReturned(subject, nowMs);
      case Kind.epochEnded:
        return control.epochEnded(subject, nowMs);
      case Kind.paused:
        return control.paused(subject, nowMs);
      case Kind.deployed:
        return control.deployed(subject, value === 1, nowMs);
      case Kind.labelled:
        return control.labelled(subject, value % 2 === 1, Math.floor(value / 2), nowMs);
      case Kind.timer:
        return control.timer(subject, nowMs);
      case Kind.close:
        return control.close(nowMs, value);
      case Kind.underWay:
        this.underWayMs = value;
        return;
      case Kind.siteLost:
        return control.siteLost(subject, nowMs);
      case Kind.siteReturned:
        return control.siteReturned(subject, nowMs);
      case Kind.answeredElsewhere:
        return control.elsewhere.answered(subject, value, nowMs);
      case Kind.rejectedElsewhere:
        return control.elsewhere.rejected(subject, nowMs);
      case Kind.turnedBack:
        return control.elsewhere.turnedBack(subject, nowMs);
      case Kind.uploadTook:
        return control.elsewhere.uploadTook(Math.floor(subject / control.siteCount), subject % control.siteCount, value);
      case Kind.loadedElsewhere:
        return control.elsewhere.loaded(subject, value);
      case Kind.takesElsewhere:
        return control.elsewhere.takes(subject, value);
      case Kind.isRightElsewhere:
        return control.elsewhere.isRight(subject, value);
      default:
        throw new RangeError(`nothing is called ${kind} that could happen`);
    }
  }
}
