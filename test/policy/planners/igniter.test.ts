import fc from 'fast-check';
import { expect, it } from 'vitest';
import { igniterPredict } from '../../../src/contention/igniter.js';
import { igniterPlan, igniterStandbyShare, type IgniterDemand } from '../../../src/policy/planners/igniter.js';
import { v100, v100Models } from '../../contention/igniter-v100.js';

type Name = keyof typeof v100Models;
const options = { unitPercent: 2.5, mostBatch: 32 };
const demand = (name: Name, sloMs: number, rateRps: number): IgniterDemand => ({ name, model: v100Models[name], sloMs, rateRps });

it('the published plan, by share and batch', () => {
  const [gpu, ...more] = igniterPlan(v100, [demand('alexnet', 15, 500), demand('resnet50', 40, 400), demand('vgg19', 60, 200)], options);
  expect(more).toEqual([]);
  expect(gpu.map(({ name, sharePercent, batch }) => [name, sharePercent, batch])).toEqual([['vgg19', 37.5, 6], ['resnet50', 30, 8], ['alexnet', 10, 4]]);
});

it('a demand beyond one GPU is peeled off in whole GPUs with the largest batch, planned to nine tenths', () => {
  const plan = igniterPlan(v100, [demand('vgg19', 60, 1000)], options);
  const [first] = plan[0];
  expect(first.sharePercent).toBe(100);
  const next = igniterPredict(v100, [{ model: v100Models.vgg19, batch: first.batch + 1, share_percent: 100 }])[0];
  expect(first.latencyMs).toBeLessThanOrEqual(30);
  expect(next.latencyMs).toBeGreaterThan(30);
  expect(first.rateRps).toBe(Math.ceil(0.9 * first.throughputRps));
  expect(plan.flat().reduce((sum, { rateRps }) => sum + rateRps, 0)).toBe(1000);
});

it('an SLO that no GPU holds is told', () => {
  expect(() => igniterPlan(v100, [demand('ssd', 4, 1)], options)).toThrow('ssd: one image alone takes longer than 2 ms');
});

it('any plan serves all of every demand, within half its SLO, with at most a whole GPU of shares', () => {
  const demands = fc.array(fc.record({ name: fc.constantFrom<Name>('alexnet', 'resnet50', 'vgg19', 'ssd'), slo: fc.integer({ min: 15, max: 100 }), rate: fc.integer({ min: 1, max: 900 }) }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(demands, (list) => {
      const asked = list.map(({ name, slo, rate }, i) => ({ ...demand(name, slo, rate), name: `${name}${i}` }));
      const plan = igniterPlan(v100, asked, options);
      for (const gpu of plan) {
        expect(gpu.reduce((sum, { sharePercent }) => sum + sharePercent, 0)).toBeLessThanOrEqual(100 + 1e-6);
        for (const { name, latencyMs } of gpu) expect(latencyMs).toBeLessThanOrEqual(asked.find((each) => each.name === name)!.sloMs / 2);
      }
      for (const { name, rateRps } of asked) {
        const served = plan.flat().filter((part) => part.name === name);
        expect(served.reduce((sum, part) => sum + part.rateRps, 0)).toBeCloseTo(rateRps, 6);
      }
    }),
    { numRuns: 60 },
  );
});

it('the standby process has ten points more, and no more than the GPU', () => {
  expect([igniterStandbyShare(30), igniterStandbyShare(95)]).toEqual([40, 100]);
});
