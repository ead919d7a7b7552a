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
  /** subject: site × models of the repository + model; value: 1 if it is whole, else 0. */
  pulled: 14,
  /** A version that was not foreseen. subject: model; value: its size in MiB. Its accuracy was told just before, if it has one. */
  described: 15,
  /** subject: model; value: accuracy of the version that is described next, a fraction. */
  graded: 16,
  /** subject: model; value: number of the version. */
  published: 17,
  /** value: 1 if the repository's manager is lost, 0 if it is back. */
  managerLost: 18,
  /** The request that is born next was sent by another process so many ms before (value). */
  underWay: 19,
  /** subject: site. */
  siteLost: 20,
  siteReturned: 21,
  /** subject: request that was sent elsewhere; value: the lane whose model answered it. */
  answeredElsewhere: 22,
  rejectedElsewhere: 23,
  turnedBack: 24,
  /** subject: app × sites + site; value: ms. */
  uploadTook: 25,
  /** What a site elsewhere tells. subject: lane; value: workers, ms, and a fraction. */
  loadedElsewhere: 26,
  takesElsewhere: 27,
  isRightElsewhere: 28,
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
  /** Of the version that is described next; NaN where none was told. */
  private accuracy = NaN;
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
      case Kind.pulled: {
        const models = control.storage!.newest.length;
        return control.pulled(Math.floor(subject / models), subject % models, value === 1, nowMs);
      }
      case Kind.graded:
        this.accuracy = value;
        return;
      case Kind.described:
        control.described(subject, value, this.accuracy, nowMs);
        this.accuracy = NaN;
        return;
      case Kind.published:
        return control.published(subject, nowMs, value);
      case Kind.managerLost:
        return control.managerLost(value === 1, nowMs);
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
