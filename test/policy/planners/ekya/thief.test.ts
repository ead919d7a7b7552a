import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudRoundS } from '../../../../src/policy/planners/ekya/cloud.js';
import { thiefWindow } from '../../../../src/policy/planners/ekya/schedule.js';
import { measuredSpeed, v100ShareCurve } from '../../../../src/policy/planners/ekya/speed.js';
import { paperThief, releasedThief, type ThiefOptions } from '../../../../src/policy/planners/ekya/thief.js';
import { freedToAll, freedToInference, playWindow, type EkyaStream } from '../../../../src/policy/planners/ekya/window.js';

const streamOf = (accuracy: number, configurations: [number, number][], name = 'a'): EkyaStream => ({
  name,
  accuracy,
  configurations: configurations.map(([to, gpuS], i) => ({ name: `c${i}`, accuracy: to, gpuS })),
  inferenceFactor: (share) => Math.min(1, share),
});
const options: ThiefOptions = { gpus: 2, windowS: 100, delta: 0.1, leastAccuracy: 0 };
const thieves = { paperThief, releasedThief };

describe('a window', () => {
  it('by hand: the old model at its share until retraining is done, then the new one', () => {
    const stream = streamOf(0.5, [[0.9, 30]]);
    const played = playWindow(100, [stream], [stream.configurations[0]], { inference: [0.5], training: [0.5] });
    expect(played.doneS).toEqual([60]);
    expect(played.accuracy[0]).toBeCloseTo((60 * 0.25 + 40 * 0.45) / 100, 12);
  });

  it('a retraining that is not done in time changes nothing', () => {
    const stream = streamOf(0.5, [[0.9, 60]]);
    const played = playWindow(100, [stream], [stream.configurations[0]], { inference: [0.5], training: [0.5] });
    expect(played).toMatchObject({ doneS: [Infinity], endAccuracy: [0.5] });
    expect(played.accuracy[0]).toBeCloseTo(0.25, 12);
  });

  it('whoever gets what is freed, no GPU is made', () => {
    const shares = { inference: [0.5, 0.5], training: [0.6, 0.4] };
    for (const freed of [freedToAll(shares, 0, [1]), freedToInference(shares, 0, [1])]) {
      expect([...freed.inference, ...freed.training].reduce((sum, share) => sum + share, 0)).toBeCloseTo(2, 12);
      expect(freed.training[0]).toBe(0);
    }
  });

  it('with a measured share curve half a GPU is more than half as fast', () => {
    const speed = measuredSpeed(v100ShareCurve);
    expect(speed(0.5)).toBeCloseTo(5.461 / 6.562, 12);
    expect(speed(0.05)).toBeCloseTo(0.5 * speed(0.1), 12);
    expect([speed(0), speed(1), speed(3)]).toEqual([0, 1, 1]);
  });
});

describe.each(Object.entries(thieves))('%s', (_, thief) => {
  it('trains what gains, and not what gains nothing', () => {
    const plan = thief([streamOf(0.5, [[0.95, 20]]), streamOf(0.9, [[0.85, 20]])], options);
    expect(plan.chosen.map((choice) => choice?.name)).toEqual(['c0', undefined]);
  });

  it('takes the share of a job that does nothing', () => {
    const plan = thief([streamOf(0.9, [])], { ...options, gpus: 1 });
    expect(plan.shares.inference[0]).toBeCloseTo(1, 9);
    expect(plan.accuracy).toBeCloseTo(0.9, 9);
  });

  it('is never worse than equal shares, hands out all of the GPUs and nothing below 0, and promises what the window gives', () => {
    const stream = fc.record({ accuracy: fc.double({ min: 0.3, max: 0.9, noNaN: true }), configurations: fc.array(fc.tuple(fc.double({ min: 0.3, max: 1, noNaN: true }), fc.double({ min: 5, max: 150, noNaN: true })), { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 4 }), (drawn) => {
        const streams = drawn.map(({ accuracy, configurations }) => streamOf(accuracy, configurations));
        const plan = thief(streams, options);
        const { inference, training } = plan.shares;
        expect([...inference, ...training].reduce((sum, share) => sum + share, 0)).toBeCloseTo(2, 6);
        expect(Math.min(...inference, ...training)).toBeGreaterThanOrEqual(0);
        const played = playWindow(100, streams, plan.chosen, plan.shares);
        expect(played.accuracy.reduce((sum, each) => sum + each, 0) / streams.length).toBeCloseTo(plan.accuracy, 9);
        const each = 1 / streams.length;
        const untrained = streams.reduce((sum, { accuracy, inferenceFactor }) => sum + accuracy * inferenceFactor(each), 0) / streams.length;
        expect(plan.accuracy).toBeGreaterThanOrEqual(untrained - 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a scheduled window', () => {
  it('a decision that takes time costs accuracy, and one as long as the window leaves no retraining at all', () => {
    const streams = [streamOf(0.5, [[0.95, 20]]), streamOf(0.6, [[0.9, 30]])];
    const mean = (decisionS: number) => thiefWindow(streams, options, { decisionS }).accuracy.reduce((sum, each) => sum + each, 0) / 2;
    expect(mean(10)).toBeLessThan(mean(0));
    expect(mean(100)).toBeCloseTo(0.55, 9);
  });

  it('what was begun goes on, so that its work is done once', () => {
    const streams = [streamOf(0.5, [[0.95, 20]]), streamOf(0.3, [[0.9, 40]])];
    const { doneS, endAccuracy } = thiefWindow(streams, { ...options, windowS: 300 });
    expect(endAccuracy).toEqual([0.95, 0.9]);
    expect(Math.max(...doneS)).toBeLessThan(300);
    // 60 GPU-seconds on 2 GPUs take 30 s at least.
    expect(Math.max(...doneS)).toBeGreaterThanOrEqual(30 - 1e-9);
  });
});

it('cloud retraining by hand: images up, then models down', () => {
  expect(cloudRoundS({ cameras: 2, upMbit: 10, downMbit: 30, upMbps: 5, downMbps: 15 })).toBe(8);
});
