import { NONE } from '../../policy/contract.js';
import type { WeightsOf } from '../options.js';

/** Answers that are kept: about 3 MB. */
const KEPT = 100_000;
const DAY_MS = 24 * 3600 * 1000;

export interface GivenAnswer {
  app: number;
  /** The likeliest class. */
  label: number;
  /** How many classes there are. */
  classes: number;
  by: WeightsOf;
}

/** Why an id cannot be labelled. */
export type NotLabelled = 'unknown' | 'gone' | 'labelled';

/**
 * The answers that were given last, for labels that come later: at most so many, and none longer than so. An id is a word of this
 * server's and the ordinal of the answer, so that an id of an earlier server is not taken for one of this.
 */
export class GivenAnswers {
  /** The moment at which it began, in µs, modulo 2³². */
  private readonly word = (Math.floor((performance.timeOrigin + performance.now()) * 1000) % 2 ** 32).toString(16).padStart(8, '0');
  private readonly atMs: Float64Array;
  private readonly app: Int16Array;
  private readonly label: Int32Array;
  private readonly classes: Int32Array;
  private readonly job: Int16Array;
  private readonly version: Int32Array;
  private readonly isLabelled: Uint8Array;
  private next = 0;
  private readonly forMs: number;
  private readonly now: () => number;

  constructor(kept = KEPT, forMs = DAY_MS, now = () => performance.now()) {
    this.forMs = forMs;
    this.now = now;
    this.atMs = new Float64Array(kept);
    [this.app, this.job] = [new Int16Array(kept), new Int16Array(kept)];
    [this.label, this.classes, this.version] = [new Int32Array(kept), new Int32Array(kept), new Int32Array(kept)];
    this.isLabelled = new Uint8Array(kept);
  }

  /** @param answer float32 scores of the classes @returns its id */
  add(app: number, answer: Uint8Array, { job, version }: WeightsOf = { job: NONE, version: 0 }): string {
    const slot = this.next % this.atMs.length;
    this.atMs[slot] = this.now();
    this.app[slot] = app;
    this.label[slot] = likeliest(answer);
    this.classes[slot] = answer.byteLength / 4;
    this.job[slot] = job;
    this.version[slot] = version;
    this.isLabelled[slot] = 0;
    return `${this.word}-${this.next++}`;
  }

  find(id: string): GivenAnswer | NotLabelled {
    const ordinal = this.ordinalOf(id);
    if (ordinal === undefined) return 'unknown';
    const slot = ordinal % this.atMs.length;
    if (ordinal < this.next - this.atMs.length || this.now() - this.atMs[slot] > this.forMs) return 'gone';
    if (this.isLabelled[slot] === 1) return 'labelled';
    return { app: this.app[slot], label: this.label[slot], classes: this.classes[slot], by: { job: this.job[slot], version: this.version[slot] } };
  }

  /** From here on it has its label. @param id one that was found */
  take(id: string): void {
    this.isLabelled[this.ordinalOf(id)! % this.atMs.length] = 1;
  }

  private ordinalOf(id: string): number | undefined {
    const [, word, digits] = /^([0-9a-f]{8})-(0|[1-9]\d{0,14})$/.exec(id) ?? [];
    return word === this.word && Number(digits) < this.next ? Number(digits) : undefined;
  }
}

function likeliest(answer: Uint8Array): number {
  const scores = answer.byteOffset % 4 === 0 ? new Float32Array(answer.buffer, answer.byteOffset, answer.byteLength >> 2) : new Float32Array(new Uint8Array(answer).buffer);
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}
