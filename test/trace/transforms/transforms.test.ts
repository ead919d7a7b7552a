import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../../src/trace/arrivals.js';
import { describe as describeStream } from '../../../src/trace/describe.js';
import { merged } from '../../../src/trace/merge.js';
import type { TraceTransform } from '../../../src/trace/transform.js';
import { transformed, transforms } from '../../../src/trace/transforms.js';
import { stream } from '../../../src/random/stream.js';
import { generators } from '../../../src/trace/generators.js';
import { readAll } from '../read-all.js';

const of = (times: readonly number[], slos?: readonly number[]) => () => arrivalsOf({ timeMs: Float64Array.from(times), sloMs: slos && Float64Array.from(slos) });
const changed = async (times: readonly number[], options: Record<string, unknown>, block?: number) => (await readAll(await transformed(of(times), options), block)).timeMs;

const ascending = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 1500 }).map((gaps) => {
  let at = 0;
  return gaps.map((gap) => (at += gap));
});

describe.each(Object.entries<TraceTransform>(transforms))('%s', (name, transform) => {
  it('says what it is under its own name, and has a section in docs/traces.md', () => {
    expect(transform.name).toBe(name);
    expect(transform.about).toMatch(/^[A-Z].*\.$/);
    expect(readFileSync(new URL('../../../docs/traces.md', import.meta.url), 'utf8')).toContain(`\`${name}\``);
  });
});

describe('transforms', () => {
  it('cut a window', async () => {
    expect(await changed([0, 999, 1000, 1500, 2000, 9000], { window: { from_s: 1, to_s: 2 } })).toEqual([0, 500]);
    expect(await changed([0, 999, 1000, 1500], { window: { from_s: 1 } })).toEqual([0, 500]);
    await expect(changed([0], { window: { from_s: 2, to_s: 1 } })).rejects.toThrow('ends (to_s: 1) before it begins (from_s: 2)');
  });

  it('scale time', async () => {
    expect(await changed([0, 10, 30], { scale_time: 0.5 })).toEqual([0, 5, 15]);
  });

  it('keep the SLOs of the requests that stay', async () => {
    const { timeMs, sloMs } = await readAll(await transformed(of([0, 10, 20], [1, 2, 3]), { window: { from_s: 0.01 }, scale_rate: 2 }));
    expect(sloMs).toEqual([2, 2, 3, 3]);
    expect(timeMs[0]).toBe(0);
  });

  it('scale the rate: whole factors copy each request, between it and the next', async () => {
    const times = await changed([0, 100, 300], { scale_rate: 3 });
    expect(times).toHaveLength(9);
    expect(times.filter((t) => t < 100)).toHaveLength(3);
    expect(times.filter((t) => t >= 300)).toEqual([300, 300, 300]);
  });

  it('scale the rate by any factor, in the mean', async () => {
    const times = Array.from({ length: 20_000 }, (_, i) => i * 10);
    for (const factor of [0.3, 1.4]) {
      const rest = factor - Math.floor(factor);
      const found = (await changed(times, { scale_rate: factor })).length;
      expect(Math.abs(found - factor * 20_000)).toBeLessThan(4 * Math.sqrt(20_000 * rest * (1 - rest)));
    }
  });

  it('change the burstiness: 0 is even, 1 changes nothing, above 1 the gaps differ more', async () => {
    const gamma = await readAll(generators.gamma.create({ rate_rps: 10, cv: 1.5, requests: 5120 }, stream(1, 'x'), Infinity));
    const cvOf = async (power: number) => (await describeStream(await transformed(of(gamma.timeMs), { scale_burstiness: power }))).gaps!.cv;
    const once = await changed(gamma.timeMs, { scale_burstiness: 1 });
    once.forEach((t, i) => expect(t).toBeCloseTo(gamma.timeMs[i], 6));
    expect(await cvOf(0)).toBeLessThan(0.1);
    expect(await cvOf(0.5)).toBeLessThan(await cvOf(1));
    expect(await cvOf(2)).toBeGreaterThan(1.3 * (await cvOf(1)));
    // Every 512th request, and so the rate over a block, is where it was.
    const twice = await changed(gamma.timeMs, { scale_burstiness: 2 });
    for (let i = 511; i < 5120; i += 512) expect(twice[i]).toBe(gamma.timeMs[i]);
  });

  it('sample the stretch that is most like the whole', async () => {
    // 90 s at one request per 100 ms, with 10 s at one per 5 ms in the middle of it: the dense stretch is not chosen, nor is it half of it.
    const slow = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i * 100);
    const times = [...slow(0, 450), ...Array.from({ length: 2000 }, (_, i) => 45_000 + i * 5), ...slow(55_000, 450)];
    const sampled = await changed(times, { sample: { for_s: 20 } });
    const dense = sampled.filter((t, i) => i > 0 && t - sampled[i - 1] < 10).length;
    // Of all gaps 69 % are 5 ms; in 20 s that is 5 s of density: 1000 of 1150.
    const share = dense / (sampled.length - 1);
    expect(Math.abs(share - 2000 / 2899)).toBeLessThan(0.12);
    expect(sampled[sampled.length - 1]).toBeLessThan(20_000);
    await expect(changed([0, 10], { sample: { for_s: 20 } })).rejects.toThrow('nothing to sample 20 s from');
  });

  it('never go back in time, and do not depend on the size of the blocks', async () => {
    const options = fc.record({ window: fc.constant({ from_s: 0, to_s: 200 }), scale_time: fc.constantFrom(0.1, 3), scale_rate: fc.constantFrom(0.4, 2.5), scale_burstiness: fc.constantFrom(0, 0.5, 3) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(ascending, options, fc.integer({ min: 1, max: 50 }), async (times, chosen, block) => {
        const found = await changed(times, chosen);
        for (let i = 1; i < found.length; i++) expect(found[i]).toBeGreaterThanOrEqual(found[i - 1]);
        expect(await changed(times, chosen, block)).toEqual(found);
      }),
      { numRuns: 100 },
    );
  });

  it('merge by time, and label', async () => {
    const rows = [];
    for await (const row of merged([{ arrivals: of([0, 10, 10])(), app: 'a' }, { arrivals: of([5, 10], [NaN, 7])(), app: 'b', sloMs: 9 }])) rows.push([row.timeMs, row.app, row.sloMs]);
    expect(rows).toEqual([[0, 'a', undefined], [5, 'b', 9], [10, 'a', undefined], [10, 'a', undefined], [10, 'b', 7]]);
  });
});
