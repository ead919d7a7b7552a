import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedResources, type ResourceUse } from '../../src/contention/shared-resources.js';

const ratesOf = (resources: Record<string, number>, uses: ResourceUse[], counts: number[]): number[] => [...sharedResources({ resources }, uses).rates(counts).rate];

describe('by hand', () => {
  it('processes go on at solo speed until a resource is full', () => {
    const uses = [{ demand: { accelerator: 0.25 } }, { demand: { accelerator: 0.5 } }];
    expect(ratesOf({ accelerator: 1 }, uses, [2, 1])).toEqual([1, 1]);
    expect(ratesOf({ accelerator: 1 }, uses, [4, 1])[0]).toBeCloseTo(1 / 1.5, 12);
  });

  it('who does not need the full resource is not held back by it', () => {
    const uses: ResourceUse[] = [{ demand: { cpu: 1 } }, { demand: { accelerator: 0.8 } }];
    expect(ratesOf({ cpu: 2, accelerator: 1 }, uses, [4, 1])).toEqual([0.5, 1]);
  });

  it('what is held is taken however slow a process is', () => {
    // 4 × 0.125 held leave 0.5 of the host, of which the job needs 0.75.
    const uses: ResourceUse[] = [{ demand: {}, held: { host: 0.125 } }, { demand: { host: 0.75 } }];
    expect(ratesOf({ host: 1 }, uses, [4, 1])).toEqual([1, 0.5 / 0.75]);
  });

  it('more held than there is leaves one percent, and is told', () => {
    const shared = sharedResources({ resources: { host: 1 } }, [{ demand: {}, held: { host: 0.4 } }, { demand: { host: 0.5 } }]);
    expect(shared.rates([3, 1])).toMatchObject({ exhausted: 'host' });
    expect(shared.rates([3, 1]).rate[1]).toBeCloseTo(0.02, 12);
    expect(shared.rates([2, 1]).exhausted).toBeUndefined();
  });
});

describe('a pipelined training step takes the longer of loading and computing', () => {
  const loaderBound: ResourceUse = { demand: { accelerator: 0.3, host: 1 }, pipeline: { loader: 1, accelerator: 0.3 } };
  const inference: ResourceUse = { demand: { accelerator: 0.01, host: 0.5 } };

  it('loader-bound, it slows down with the host, and its use of the accelerator falls as neighbours come', () => {
    const shared = sharedResources({ resources: { accelerator: 1, host: 2 } }, [inference, loaderBound]);
    const training = [0, 2, 4, 6].map((k) => shared.rates([k, 1]).rate[1]);
    expect(training).toEqual([1, 1, 2 / 3, 0.5]);
    const use = [2, 4, 6].map((k) => shared.rates([k, 1]).load[0]);
    expect(use[1]).toBeLessThan(use[0]);
    expect(use[2]).toBeLessThan(use[1]);
  });

  it('a faster clock does not help a job that waits for its loader, and helps one that waits for the accelerator in full', () => {
    const clock = { resource: 'accelerator', load: [0.2, 0.6], factor: [1, 1.2] };
    const jobOf = (loader: number, accelerator: number) => ({ demand: { accelerator: 0.2 }, pipeline: { loader, accelerator } });
    const busy: ResourceUse = { demand: { accelerator: 0.6 } };
    const rateBeside = (job: ResourceUse) => sharedResources({ resources: { accelerator: 1 }, clock }, [busy, job]).rates([1, 1]);
    expect(rateBeside(jobOf(1, 0.5)).rate[1]).toBe(1);
    expect(rateBeside(jobOf(0.5, 1)).clock).toBeCloseTo(1.2, 12);
    expect(rateBeside(jobOf(0.5, 1)).rate[1]).toBeCloseTo(1.2, 12);
    expect(rateBeside(jobOf(0.9, 1)).rate[1]).toBeCloseTo(1 / 0.9, 12);
  });
});

describe('a clock that rises with the load', () => {
  const clock = { resource: 'accelerator', load: [0.2, 0.6], factor: [1, 1.2] };

  it('speeds up the accelerator’s part of sequential work only', () => {
    const { rate, clock: now } = sharedResources({ resources: { accelerator: 1 }, clock }, [{ demand: { accelerator: 0.2 } }, { demand: { accelerator: 0.7 } }]).rates([1, 1]);
    expect(now).toBeCloseTo(1.2, 12);
    expect(rate[0]).toBeCloseTo(1 / (0.8 + 0.2 / 1.2), 12);
    expect(rate[1]).toBeCloseTo(1, 12);
  });

  it('is consistent: the clock is that of the load, and the load that at the clock', () => {
    const job = { demand: { accelerator: 0.1 } };
    const shared = sharedResources({ resources: { accelerator: 1 }, clock }, [job]);
    // Between the knots the clock is 1 + 0.5 (load − 0.2); n jobs at c load it n 0.1 x / c with x = 1 / (0.9 + 0.1 / c).
    for (const n of [3, 4, 5]) {
      const { load, clock: now } = shared.rates([n]);
      expect(now).toBeCloseTo(1 + 0.5 * (load[0] - 0.2), 9);
      expect(load[0]).toBeCloseTo((n * 0.1) / (0.9 * now + 0.1), 9);
    }
  });

  it('one process alone runs at 1, whatever its clock', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), (demand) => {
        const shared = sharedResources({ resources: { accelerator: 1 }, clock }, [{ demand: { accelerator: demand } }]);
        expect(shared.rates([1]).rate[0]).toBeCloseTo(1, 9);
      }),
    );
  });
});

it.each<[string, ResourceUse[], RegExp]>([
  ['an unknown resource', [{ demand: { acelerator: 0.1 } }], /no resource "acelerator" \(known: accelerator\)/],
  ['more than there is', [{ demand: { accelerator: 0.8 }, held: { accelerator: 0.3 } }], /alone takes 1.1 of accelerator, of which there is 1/],
  ['a pipeline without a longest stage', [{ demand: {}, pipeline: { loader: 0.5, accelerator: 0.9 } }], /the longer one must be 1/],
])('refuses %s', (_, uses, message) => {
  expect(() => sharedResources({ resources: { accelerator: 1 } }, uses)).toThrow(message);
});

it('refuses a clock on an unknown resource', () => {
  expect(() => sharedResources({ resources: { a: 1 }, clock: { resource: 'b', load: [0], factor: [1] } }, [])).toThrow(/clock.resource is "b", must be one of: a/);
});
