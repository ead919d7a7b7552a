import { expect, it } from 'vitest';
import { igniterActiveMs } from '../../../src/contention/igniter.js';
import { kneePercent, mostEfficacious } from '../../../src/policy/planners/d-stack.js';
import { v100Models } from '../../contention/igniter-v100.js';

const shares = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

it('the knee is the first share whose next step takes off less than 5 %', () => {
  expect(kneePercent({ sharePercent: [20, 40, 60, 80], latencyMs: [10, 6, 5.8, 3] })).toBe(40);
  expect(kneePercent({ sharePercent: [20, 40, 60], latencyMs: [10, 6, 4] })).toBe(60);
  expect(kneePercent({ sharePercent: [20, 40, 60], latencyMs: [10, 9.2, 8] }, 0.1)).toBe(20);
});

it('on the measured V100 a light model has its knee before a heavy one', () => {
  const knee = (name: keyof typeof v100Models, batch: number) => kneePercent({ sharePercent: shares, latencyMs: shares.map((share_percent) => igniterActiveMs({ model: v100Models[name], batch, share_percent })) }, 0.1);
  expect(knee('alexnet', 1)).toBeLessThan(knee('vgg19', 1));
  expect(knee('alexnet', 1)).toBeLessThanOrEqual(knee('alexnet', 32));
  expect(knee('alexnet', 1)).toBe(60);
});

it('efficacy by hand, within half the SLO and the time to collect a batch', () => {
  const latencyMs = (batch: number, share: number) => (batch * 100) / share + 5;
  expect(mostEfficacious(latencyMs, { shares: [50], mostBatch: 1, sloMs: 100, rateRps: 100 })).toEqual({ batch: 1, sharePercent: 50, efficacy: 1 / (0.007 ** 2 * 0.5) });
  expect(mostEfficacious(latencyMs, { shares: [10], mostBatch: 1, sloMs: 20, rateRps: 100 })).toBeUndefined();
  // A second image comes after 60 ms, too late for an SLO of 50.
  expect(mostEfficacious(latencyMs, { shares: [100], mostBatch: 8, sloMs: 50, rateRps: 1000 / 60 })!.batch).toBe(1);
  expect(mostEfficacious(latencyMs, { shares: [100], mostBatch: 8, sloMs: 50, rateRps: 1000 })!.batch).toBeGreaterThan(1);
});
