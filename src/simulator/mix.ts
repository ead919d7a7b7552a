import type { Contention } from '../contention/contract.js';

/**
 * What is going on at once on one accelerator: how many activities of each class, and the rate at which each class
 * then progresses (solo time per time; 1 = as if alone). Mixes form a graph whose edges are "one more" and "one less" of
 * a class, so that following what happens costs a pointer and each mix asks the contention model once.
 */
export class Mix {
  readonly counts: Int32Array;
  readonly rate: Float64Array;
  /** Classes with something going on. */
  readonly active: Int32Array;
  /** What of this mix lies outside the measured domain. */
  readonly outside: string | undefined;
  /** Whether any inference or training is progressing. */
  readonly busy: boolean;
  readonly total: number;
  /** What the accelerator takes meanwhile; 0 if the profile does not say. */
  readonly powerW: number;
  private readonly graph: MixGraph;
  private readonly more: (Mix | undefined)[];
  private readonly less: (Mix | undefined)[];

  constructor(graph: MixGraph, counts: Int32Array) {
    this.graph = graph;
    this.counts = counts;
    this.rate = new Float64Array(counts.length);
    this.active = Int32Array.from(counts.keys()).filter((c) => counts[c] > 0);
    this.total = counts.reduce((sum, n) => sum + n, 0);
    this.outside = graph.rates(counts, this.rate);
    const active = counts.reduce((sum, n, c) => (c >= OWN_CLASSES ? sum + n : sum), 0);
    this.busy = active > 0;
    this.powerW = graph.powerW(active);
    this.more = new Array<Mix | undefined>(counts.length).fill(undefined);
    this.less = new Array<Mix | undefined>(counts.length).fill(undefined);
  }

  plus(c: number): Mix {
    return (this.more[c] ??= this.graph.at(this.counts, c, 1));
  }

  minus(c: number): Mix {
    return (this.less[c] ??= this.graph.at(this.counts, c, -1));
  }
}

/** Classes that are not the contention model's: host work, and waiting for a training slice to end. */
export const HOST = 0;
export const WAIT = 1;
export const OWN_CLASSES = 2;

/** All mixes seen so far on accelerators of one kind. */
export class MixGraph {
  readonly empty: Mix;
  private readonly known = new Map<string, Mix>();
  private readonly contention: Contention;
  private readonly hostCores: number;
  readonly powerW: (active: number) => number;
  private readonly modelled: Int32Array;
  private readonly slowdown: Float64Array;

  /**
   * @param contention bound to the classes from `OWN_CLASSES` on
   * @param hostCores processors that host work shares evenly when there is more of it; Infinity if it never waits
   * @param powerW what the accelerator takes with so many activities of those classes
   */
  constructor(contention: Contention, classes: number, hostCores: number, powerW: (active: number) => number = () => 0) {
    this.powerW = powerW;
    this.contention = contention;
    this.hostCores = hostCores;
    this.modelled = new Int32Array(classes);
    this.slowdown = new Float64Array(classes);
    this.empty = this.at(new Int32Array(OWN_CLASSES + classes), 0, 0);
  }

  at(counts: Int32Array, c: number, change: number): Mix {
    const changed = counts.slice();
    changed[c] += change;
    const key = changed.join();
    let mix = this.known.get(key);
    if (mix === undefined) this.known.set(key, (mix = new Mix(this, changed)));
    return mix;
  }

  rates(counts: Int32Array, rate: Float64Array): string | undefined {
    if (counts[HOST] > 0) rate[HOST] = Math.min(1, this.hostCores / counts[HOST]);
    if (counts[WAIT] > 0) rate[WAIT] = 1;
    this.modelled.set(counts.subarray(OWN_CLASSES));
    this.slowdown.fill(1);
    const outside = this.contention.slowdowns(this.modelled, this.slowdown);
    for (let i = 0; i < this.modelled.length; i++) if (this.modelled[i] > 0) rate[OWN_CLASSES + i] = 1 / this.slowdown[i];
    return outside;
  }
}
