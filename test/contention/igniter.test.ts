import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { igniterActiveMs, igniterClockMhz, igniterPowerW, igniterPredict, type IgniterWorkload } from '../../src/contention/igniter.js';
import igniter from '../../src/contention/models/igniter.js';
import { v100, v100Models } from './igniter-v100.js';
import { classesOf, slowdownsOf } from './slowdowns-of.js';

type Name = keyof typeof v100Models;
const workload = (name: Name, batch: number, share_percent: number): IgniterWorkload => ({ model: v100Models[name], batch, share_percent });

describe('the listed predictions', () => {
  // Latency in ms (and throughput per s) of VGG-19 at share v beside SSD at the rest, both in batches of 3.
  it.each([
    [20, [28.05, 107.6], [13.65, 225.2]],
    [40, [14.61, 207.9], [16.76, 182.5]],
    [60, [10.17, 300.4], [23.08, 131.8]],
    [80, [7.88, 389.8], [41.46, 72.9]],
  ])('VGG-19 at %d %% beside SSD come out within 0.5 %%', (share, ...published) => {
    const ours = igniterPredict(v100, [workload('vgg19', 3, share), workload('ssd', 3, 100 - share)]);
    published.forEach(([ms, perSecond], i) => {
      expect(Math.abs(ours[i].latencyMs / ms - 1)).toBeLessThan(0.005);
      expect(Math.abs(ours[i].throughputRps / perSecond - 1)).toBeLessThan(0.005);
    });
  });

  // The planner's published answers. Its budget is half the SLO, so a placement it chose must hold within that.
  it.each<[string, [Name, number, number, number, number][]]>([
    ['three models on one GPU', [['alexnet', 4, 10, 15, 500], ['resnet50', 8, 30, 40, 400], ['vgg19', 6, 37.5, 60, 200]]],
    ['two models', [['ssd', 2, 60, 25, 150], ['vgg19', 4, 37.5, 40, 200]]],
    ['three models, other rates', [['alexnet', 6, 20, 10, 1200], ['resnet50', 9, 45, 30, 600], ['ssd', 1, 15, 40, 50]]],
  ])('the published plan for %s holds half its SLOs and its rates', (_, plan) => {
    const ours = igniterPredict(v100, plan.map(([name, batch, share]) => workload(name, batch, share)));
    plan.forEach(([, , , sloMs, rate], i) => {
      expect(ours[i].latencyMs).toBeLessThanOrEqual(sloMs / 2);
      expect(ours[i].throughputRps).toBeGreaterThanOrEqual(rate);
    });
  });
});

describe('the formula', () => {
  it('by hand: two copies of AlexNet at 50 %, batch 1', () => {
    const active = (0.0041535 + 8.711584 + 23.736069) / 50.05552 + 0.346011;
    const l2 = 0.0030921 * (1000 / active) + 2.029571;
    const power = 53.5 + 2 * (0.023893 * (1000 / active) + 37.1081);
    const gpuMs = 0.031768 + 20 * (0.0047507 * 2 - 0.0090224) + active * (1 + 0.00237638 * l2);
    const pair = [workload('alexnet', 1, 50), workload('alexnet', 1, 50)];
    expect(igniterActiveMs(pair[0])).toBeCloseTo(active, 12);
    expect(igniterPowerW(v100, pair)).toBeCloseTo(power, 9);
    expect(power).toBeLessThan(300);
    expect(igniterPredict(v100, pair)[0].latencyMs).toBeCloseTo(gpuMs + 606112 / 1e7, 12);
    expect(igniterPredict(v100, pair)[0].throughputRps).toBeCloseTo(1000 / (gpuMs + 4000 / 1e7), 9);
  });

  it('the clock falls along its line beyond the cap, and not to 0', () => {
    expect(igniterClockMhz(v100, 300)).toBe(1530);
    expect(igniterClockMhz(v100, 310)).toBeCloseTo(1530 - 10.254, 9);
    expect(igniterClockMhz(v100, 5000)).toBe(153);
  });

  it('alone there is neither scheduling delay nor a neighbour in the cache', () => {
    const [alone] = igniterPredict(v100, [workload('resnet50', 4, 30)]);
    expect(alone.gpuMs).toBeCloseTo(0.073816 + igniterActiveMs(workload('resnet50', 4, 30)), 12);
  });

  it('a further neighbour never makes anyone faster', () => {
    const any = fc.record({ name: fc.constantFrom(...(Object.keys(v100Models) as Name[])), batch: fc.integer({ min: 1, max: 32 }), share: fc.integer({ min: 10, max: 100 }) });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), any, (some, more) => {
        const list = some.map((w) => workload(w.name, w.batch, w.share));
        const before = igniterPredict(v100, list);
        const after = igniterPredict(v100, [...list, workload(more.name, more.batch, more.share)]);
        before.forEach((b, i) => expect(after[i].latencyMs).toBeGreaterThanOrEqual(b.latencyMs));
      }),
    );
  });

  it('refuses coefficients that give no positive time', () => {
    const broken = { ...v100Models.alexnet, active_ms: { k1: 0, k2: 0, k3: -100, k4: 0, k5: 0 } };
    expect(() => igniterPredict(v100, [{ model: broken, batch: 1, share_percent: 10 }])).toThrow(/workload 1 of 1 give/);
  });
});

describe('as a contention model', () => {
  const parameters = {
    model: 'igniter' as const,
    gpu: v100,
    models: { vgg19: { ...v100Models.vgg19, share_percent: 40, batch: 3 }, ssd: { ...v100Models.ssd, share_percent: 60, batch: 3 } },
    most_workloads: 5,
  };
  const bound = igniter.bind(parameters, classesOf('inference:vgg19', 'inference:ssd', 'training:big', 'inference:other'));

  it('the slowdown is the latency beside the others over the latency alone', () => {
    const [together] = igniterPredict(v100, [workload('vgg19', 3, 40), workload('ssd', 3, 60)]);
    const [alone] = igniterPredict(v100, [workload('vgg19', 3, 40)]);
    const { slowdown, outside } = slowdownsOf(bound, 1, 1, 0, 0);
    expect(slowdown[0]).toBeCloseTo(together.latencyMs / alone.latencyMs, 12);
    expect(outside).toBeUndefined();
  });

  it('two processes of one model are neighbours of each other', () => {
    const pair = igniterPredict(v100, [workload('vgg19', 3, 40), workload('vgg19', 3, 40)]);
    const [alone] = igniterPredict(v100, [workload('vgg19', 3, 40)]);
    expect(slowdownsOf(bound, 2, 0, 0, 0).slowdown[0]).toBeCloseTo(pair[0].latencyMs / alone.latencyMs, 12);
  });

  it.each([
    [[3, 0, 0, 0], 'shares add up to 120 %, at most 100 % is meant'],
    [[6, 0, 0, 0], '6 inferences at once, measured up to 5'],
    [[1, 0, 1, 0], 'training of big has no coefficients'],
    [[1, 0, 0, 1], 'inference of other has no coefficients'],
  ])('says what of %j lies outside', (counts, outside) => {
    expect(slowdownsOf(bound, ...counts).outside).toBe(outside);
  });

  it('stays positive where the line of the clock has long ended', () => {
    const { slowdown } = slowdownsOf(bound, 30, 30, 0, 0);
    expect(slowdown[0]).toBeGreaterThan(1);
    expect(Number.isFinite(slowdown[0])).toBe(true);
  });
});
