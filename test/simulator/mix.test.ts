import { describe, expect, it } from 'vitest';
import type { Contention } from '../../src/contention/contract.js';
import { HOST, MixGraph, OWN_CLASSES, WAIT } from '../../src/simulator/mix.js';

const INFERENCE = OWN_CLASSES;
const TRAINING = OWN_CLASSES + 1;

/** Slowdown n for n inferences, 2 per inference for training; counts how often it is asked. */
function contention(): Contention & { asked: number } {
  return {
    asked: 0,
    slowdowns(counts, slowdown) {
      this.asked++;
      if (counts[0] > 0) slowdown[0] = counts[0];
      if (counts[1] > 0) slowdown[1] = 1 + 2 * counts[0];
      return counts[0] > 3 ? 'more than 3' : undefined;
    },
  };
}

describe('mix', () => {
  it('has the rates 1/s of the contention model', () => {
    const { empty } = new MixGraph(contention(), 2, Infinity);
    const mix = empty.plus(INFERENCE).plus(TRAINING).plus(INFERENCE);
    expect([...mix.counts]).toEqual([0, 0, 2, 1]);
    expect(mix.rate[INFERENCE]).toBe(1 / 2);
    expect(mix.rate[TRAINING]).toBe(1 / 5);
    expect(mix.total).toBe(3);
    expect(mix.busy).toBe(true);
  });

  it('is the same object however one comes to it, and asks the model once', () => {
    const model = contention();
    const { empty } = new MixGraph(model, 2, Infinity);
    const mix = empty.plus(INFERENCE).plus(TRAINING);
    const { asked } = model;
    expect(empty.plus(TRAINING).plus(INFERENCE)).toBe(mix);
    expect(mix.plus(HOST).minus(HOST)).toBe(mix);
    expect(mix.minus(INFERENCE).minus(TRAINING)).toBe(empty);
    // New were only training alone, and the mix with host work.
    expect(model.asked).toBe(asked + 2);
  });

  it('shares the processors among host parts, and does not call that busy', () => {
    const { empty } = new MixGraph(contention(), 2, 2);
    let mix = empty;
    const rates = [1, 2, 3, 4].map(() => (mix = mix.plus(HOST)).rate[HOST]);
    expect(rates).toEqual([1, 1, 2 / 3, 1 / 2]);
    expect(mix.busy).toBe(false);
  });

  it('lets waits pass in real time, whatever else goes on', () => {
    const { empty } = new MixGraph(contention(), 2, 1);
    const mix = empty.plus(WAIT).plus(WAIT).plus(INFERENCE).plus(INFERENCE).plus(HOST);
    expect(mix.rate[WAIT]).toBe(1);
    expect(mix.rate[INFERENCE]).toBe(1 / 2);
  });

  it('knows what lies outside of what was measured', () => {
    let mix = new MixGraph(contention(), 2, Infinity).empty;
    const outside = [1, 2, 3, 4].map(() => (mix = mix.plus(INFERENCE)).outside);
    expect(outside).toEqual([undefined, undefined, undefined, 'more than 3']);
    expect(mix.minus(INFERENCE).outside).toBeUndefined();
  });
});
