import { NONE } from '../policy/contract.js';
import type { Mix, MixGraph } from './mix.js';

/**
 * Work in progress on one accelerator, under rates that change whenever the set of active neighbours does.
 *
 * All activities of a class progress at the same rate, so each class has a virtual clock that runs at that rate; an
 * activity of work W ends when its class's clock has advanced by W. A change of rates then touches the classes, not the
 * activities. This treats measured closed-loop slowdowns s as a flow-equivalent server with rates 1/s.
 */
export class Accelerator {
  /** Time in which inference or training progressed, so far. */
  busyMs = 0;
  /** Time spent in mixes outside the measured domain, so far, and what was outside last. */
  outsideMs = 0;
  outside: string | undefined;
  /** Energy taken so far, where the profile has a power curve. */
  energyJ = 0;
  /** A lost accelerator takes no power. */
  isPowered = true;
  private mix: Mix;
  private readonly empty: Mix;
  private lastMs = 0;
  private readonly virtualMs: Float64Array;
  private readonly running: ClassHeap[];
  /** Class whose first activity ends first, as of the last call of `nextMs`. */
  private nextClass = NONE;

  constructor(graph: MixGraph) {
    this.mix = this.empty = graph.empty;
    const classes = graph.empty.counts.length;
    this.virtualMs = new Float64Array(classes);
    this.running = Array.from({ length: classes }, () => new ClassHeap());
  }

  /** Activities in progress, of all classes. */
  get load(): number {
    return this.mix.total;
  }

  /** What slows an activity of class c that would begin now. */
  slowdownWith(c: number): number {
    return 1 / this.mix.plus(c).rate[c];
  }

  /** Lets an activity of `workMs` (time it takes alone) begin. */
  begin(c: number, workMs: number, subject: number, nowMs: number): void {
    this.advance(nowMs);
    this.running[c].add(this.virtualMs[c] + workMs, subject);
    this.mix = this.mix.plus(c);
  }

  /** Takes an activity out before it ends. @returns the work it had left, in ms alone */
  remove(c: number, subject: number, nowMs: number): number {
    this.advance(nowMs);
    const left = this.running[c].remove(subject) - this.virtualMs[c];
    this.leave(c);
    return Math.max(0, left);
  }

  /** Whether an activity of class c is in progress for this subject. */
  has(c: number, subject: number): boolean {
    return this.running[c].has(subject);
  }

  /** Takes out everything at once. */
  clear(nowMs: number): void {
    this.advance(nowMs);
    this.mix = this.empty;
    this.virtualMs.fill(0);
    for (const heap of this.running) heap.length = 0;
  }

  /** When the next activity ends; Infinity if none is in progress. */
  nextMs(): number {
    const { active, rate } = this.mix;
    let leastMs = Infinity;
    for (let i = 0; i < active.length; i++) {
      const c = active[i];
      const leftMs = (this.running[c].first() - this.virtualMs[c]) / rate[c];
      if (leftMs < leastMs) {
        leastMs = leftMs;
        this.nextClass = c;
      }
    }
    return leastMs > 0 ? this.lastMs + leastMs : this.lastMs;
  }

  /** The class of the activity that ends at `nextMs()`. */
  get endingClass(): number {
    return this.nextClass;
  }

  /** Ends the activity that `nextMs` foresaw. @returns its subject */
  endNext(nowMs: number): number {
    this.advance(nowMs);
    const c = this.nextClass;
    const subject = this.running[c].shift();
    this.leave(c);
    return subject;
  }

  /** Work of an activity of class c that is still to be done, in ms alone. */
  leftMs(c: number, subject: number): number {
    return this.running[c].targetOf(subject) - this.virtualMs[c];
  }

  advance(nowMs: number): void {
    const elapsedMs = nowMs - this.lastMs;
    if (elapsedMs <= 0) return;
    this.lastMs = nowMs;
    const { mix, virtualMs } = this;
    const { active, rate } = mix;
    for (let i = 0; i < active.length; i++) virtualMs[active[i]] += elapsedMs * rate[active[i]];
    if (mix.busy) this.busyMs += elapsedMs;
    if (mix.powerW > 0 && this.isPowered) this.energyJ += (mix.powerW * elapsedMs) / 1000;
    if (mix.outside !== undefined) {
      this.outsideMs += elapsedMs;
      this.outside = mix.outside;
    }
  }

  private leave(c: number): void {
    this.mix = this.mix.minus(c);
    // A class without activities starts from 0 again: its clock then never loses digits to a long run.
    if (this.running[c].length === 0) this.virtualMs[c] = 0;
  }
}

/** The activities of one class by the time at which their class's clock lets them end: a binary heap, ties in an order that depends on nothing else. */
class ClassHeap {
  length = 0;
  private target: Float64Array = new Float64Array(8);
  private subject: Int32Array = new Int32Array(8);

  first(): number {
    return this.target[0];
  }

  add(target: number, subject: number): void {
    if (this.length === this.target.length) this.grow();
    let i = this.length++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.target[up] <= target) break;
      this.target[i] = this.target[up];
      this.subject[i] = this.subject[up];
      i = up;
    }
    this.target[i] = target;
    this.subject[i] = subject;
  }

  shift(): number {
    const subject = this.subject[0];
    const last = --this.length;
    if (last > 0) this.settle(0, this.target[last], this.subject[last]);
    return subject;
  }

  has(subject: number): boolean {
    for (let i = 0; i < this.length; i++) if (this.subject[i] === subject) return true;
    return false;
  }

  targetOf(subject: number): number {
    let i = 0;
    while (this.subject[i] !== subject) i++;
    return this.target[i];
  }

  /** @returns its target */
  remove(subject: number): number {
    let i = 0;
    while (this.subject[i] !== subject) i++;
    const target = this.target[i];
    const kept: [number, number][] = [];
    for (let j = 0; j < this.length; j++) if (j !== i) kept.push([this.target[j], this.subject[j]]);
    this.length = 0;
    for (const [t, s] of kept) this.add(t, s);
    return target;
  }

  private settle(from: number, target: number, subject: number): void {
    const { length } = this;
    let i = from;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= length) break;
      if (down + 1 < length && this.target[down + 1] < this.target[down]) down++;
      if (this.target[down] >= target) break;
      this.target[i] = this.target[down];
      this.subject[i] = this.subject[down];
      i = down;
    }
    this.target[i] = target;
    this.subject[i] = subject;
  }

  private grow(): void {
    const { target, subject } = this;
    this.target = new Float64Array(target.length * 2);
    this.target.set(target);
    this.subject = new Int32Array(subject.length * 2);
    this.subject.set(subject);
  }
}
