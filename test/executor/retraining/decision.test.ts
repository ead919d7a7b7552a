import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/executor/retraining/decision.js';

const of = (...values: number[]) => ({ hits: Uint8Array.from(values) });

describe('whether new weights are deployed', () => {
  it('deploys what is right about more images', () => {
    expect(decide(of(1, 0, 0, 0), of(0, 1, 1, 0))).toMatchObject({ deploy: true, accuracyBefore: 0.25, accuracyAfter: 0.5, images: 4, won: 2, lost: 1 });
  });

  it('declines a worse model, and says so', () => {
    expect(decide(of(1, 1, 0, 1), of(1, 0, 0, 1))).toMatchObject({ deploy: false, reason: '75.0 % of 4 held-out images right before, 50.0 % after: declined, since it is worse' });
  });

  it('keeps what is in use at a tie', () => {
    expect(decide(of(1, 0), of(0, 1))).toMatchObject({ deploy: false, reason: expect.stringContaining('no better') as string });
  });

  it("gives the interval of paired proportions; among many images half a one of each kind makes no difference", () => {
    // Agresti, Categorical Data Analysis, table 11.1: approval of a prime minister twice; 794 and 150 in one row, 86 and 570 in the other.
    const before = of(...Array<number>(794 + 150).fill(1), ...Array<number>(86 + 570).fill(0));
    const after = of(...Array<number>(794).fill(1), ...Array<number>(150).fill(0), ...Array<number>(86).fill(1), ...Array<number>(570).fill(0));
    const { gainCi95, accuracyBefore, accuracyAfter } = decide(before, after);
    expect([accuracyBefore, accuracyAfter]).toEqual([0.59, 0.55]);
    expect(gainCi95.map((x) => Math.round(1000 * x) / 1000)).toEqual([-0.059, -0.021]);
  });

  it('one image proves nothing', () => {
    // (1.5 − 0.5) / 3 ± 1.96 √((2 / 3 − 1 / 9) / 3)
    const { gainCi95 } = decide(of(0), of(1));
    expect(gainCi95.map((x) => Math.round(1000 * x) / 1000)).toEqual([-0.51, 1]);
    expect(decide(of(1, 1), of(1, 1)).gainCi95).toEqual([-decide(of(1, 1), of(1, 1)).gainCi95[1], expect.closeTo(0.49, 2)]);
  });

  it('refuses to compare answers to different images', () => {
    expect(() => decide(of(1), of(1, 0))).toThrow(RangeError);
    expect(() => decide(of(), of())).toThrow(RangeError);
  });
});
