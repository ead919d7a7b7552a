import { NONE } from '../policy/contract.js';
import type { Requests } from './requests.js';

/** The waiting requests of one app and stage at one site. */
export interface Lane {
  readonly length: number;
  /** The request to be served next, or NONE. */
  head(): number;
  push(request: number): void;
  /** Puts a request back that has been taken out. */
  pushBack(request: number): void;
  shift(): number;
  /** Removes the request that joined last. */
  removeNewest(): number;
  /** Removes this request, wherever it stands. @returns whether it was there */
  remove(request: number): boolean;
}

/** First in, first out: a ring buffer. */
export class FifoLane implements Lane {
  length = 0;
  private ring = new Int32Array(16);
  private first = 0;

  head(): number {
    return this.length === 0 ? NONE : this.ring[this.first];
  }

  push(request: number): void {
    if (this.length === this.ring.length) this.grow();
    this.ring[(this.first + this.length++) & (this.ring.length - 1)] = request;
  }

  pushBack(request: number): void {
    if (this.length === this.ring.length) this.grow();
    this.first = (this.first - 1) & (this.ring.length - 1);
    this.ring[this.first] = request;
    this.length++;
  }

  shift(): number {
    const request = this.ring[this.first];
    this.first = (this.first + 1) & (this.ring.length - 1);
    this.length--;
    return request;
  }

  removeNewest(): number {
    return this.ring[(this.first + --this.length) & (this.ring.length - 1)];
  }

  remove(request: number): boolean {
    const mask = this.ring.length - 1;
    for (let i = 0; i < this.length; i++) {
      if (this.ring[(this.first + i) & mask] !== request) continue;
      for (let j = i; j > 0; j--) this.ring[(this.first + j) & mask] = this.ring[(this.first + j - 1) & mask];
      this.shift();
      return true;
    }
    return false;
  }

  private grow(): void {
    const wider = new Int32Array(this.ring.length * 2);
    for (let i = 0; i < this.length; i++) wider[i] = this.ring[(this.first + i) & (this.ring.length - 1)];
    this.ring = wider;
    this.first = 0;
  }
}

/** Smallest key first, ties in the order of joining: a binary heap. */
export class OrderedLane implements Lane {
  private readonly requests: Requests;
  length = 0;
  private readonly heap: number[] = [];
  private readonly joined: number[] = [];
  private joins = 0;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  head(): number {
    return this.heap.length === 0 ? NONE : this.heap[0];
  }

  push(request: number): void {
    this.insert(request, this.joins++);
  }

  pushBack(request: number): void {
    this.insert(request, -1);
  }

  shift(): number {
    return this.removeAt(0);
  }

  removeNewest(): number {
    let newest = 0;
    for (let i = 1; i < this.joined.length; i++) if (this.joined[i] > this.joined[newest]) newest = i;
    return this.removeAt(newest);
  }

  remove(request: number): boolean {
    const at = this.heap.indexOf(request);
    if (at >= 0) this.removeAt(at);
    return at >= 0;
  }

  private before(i: number, j: number): boolean {
    const a = this.requests.key[this.heap[i]];
    const b = this.requests.key[this.heap[j]];
    return a < b || (a === b && this.joined[i] < this.joined[j]);
  }

  private swap(i: number, j: number): void {
    const request = this.heap[i];
    this.heap[i] = this.heap[j];
    this.heap[j] = request;
    const joined = this.joined[i];
    this.joined[i] = this.joined[j];
    this.joined[j] = joined;
  }

  private insert(request: number, joined: number): void {
    this.heap.push(request);
    this.length++;
    this.joined.push(joined);
    this.rise(this.heap.length - 1);
  }

  private rise(at: number): void {
    for (let i = at; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.before(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private sink(at: number): void {
    for (let i = at; ; ) {
      let first = i;
      for (let child = 2 * i + 1; child <= 2 * i + 2 && child < this.heap.length; child++) if (this.before(child, first)) first = child;
      if (first === i) return;
      this.swap(i, first);
      i = first;
    }
  }

  private removeAt(i: number): number {
    const request = this.heap[i];
    this.swap(i, this.heap.length - 1);
    this.heap.pop();
    this.length--;
    this.joined.pop();
    if (i < this.heap.length) {
      this.rise(i);
      this.sink(i);
    }
    return request;
  }
}
