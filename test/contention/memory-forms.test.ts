import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { activationMiB, mostBatch, mostProcesses, processMiB, trainingBatchFrontier, weightsMiB, type ProcessMemory } from '../../src/contention/memory-forms.js';

const published = parse(readFileSync(new URL('../../calibration/published/corun-rtx3080ti.yaml', import.meta.url), 'utf8'));
const MIB_PER_GIB = 1024;

describe('sizes published with Corun', () => {
  it.each(Object.keys(published.sizes.weights_mib))('weights of %s follow from its parameters', (model) => {
    expect(weightsMiB(published.sizes.parameters[model])).toBeCloseTo(published.sizes.weights_mib[model], 1);
  });

  // α of the authors' sheet; 224 × 224 pixels.
  it.each([
    ['vgg16', 1.09006e-3],
    ['resnet50', 1.09305e-3],
    ['resnet152', 2.25267e-3],
    ['alexnet', 4.1753e-5],
  ])('activations of %s follow from its α', (model, alpha) => {
    expect(activationMiB(alpha, 224, 224)).toBeCloseTo(published.sizes.activation_mib_per_image[model], 1);
  });

  it('the worked example: vgg16 at batch 128', () => {
    expect(processMiB({ contextMiB: 0, weightsMiB: 527.79, perImageMiB: 109.39 }, 128)).toBeCloseTo(14_529, -1);
  });
});

describe('the out-of-memory frontier published with Corun', () => {
  const capacityMiB = published.accelerator.visible_gib * MIB_PER_GIB;
  const fixedMiB = published.memory.fixed_gib.value * MIB_PER_GIB;
  const training = (model: string): ProcessMemory => ({
    contextMiB: 0, // its own context is in the fixed part
    weightsMiB: published.sizes.weights_mib[model],
    perImageMiB: published.sizes.activation_mib_per_image[model],
  });
  const rows = published.memory.frontier_beside_one_inference.rows.filter((row: { training: string }) => row.training !== 'deeplabv3');

  it.each<{ training: string; largest: number; first_failure: number | null }>(rows)('$training beside one inference process', ({ training: model, largest, first_failure }) => {
    for (const beside of published.memory.frontier_beside_one_inference.inference_models) {
      const batch = mostBatch(capacityMiB, fixedMiB + published.memory.inference_process_gib[beside] * MIB_PER_GIB, training(model));
      expect(batch).toBeGreaterThanOrEqual(largest);
      if (first_failure !== null) expect(batch).toBeLessThan(first_failure);
    }
  });

  it('alone, resnet152 does not fit at batch 64 and vgg16 does', () => {
    expect(mostBatch(capacityMiB, fixedMiB, training('resnet152'))).toBeLessThan(64);
    expect(mostBatch(capacityMiB, fixedMiB, training('vgg16'))).toBeGreaterThanOrEqual(64);
  });

  it('the batches of the runs beside four inferences fit there, those of the runs beside one do not', () => {
    const inference: ProcessMemory = { contextMiB: 1.69 * MIB_PER_GIB, weightsMiB: 0, perImageMiB: 0 };
    const frontier = trainingBatchFrontier(capacityMiB, fixedMiB, inference, 1, training('resnet50'));
    expect(frontier.map(({ inferenceJobs }) => inferenceJobs)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(frontier[4].trainingBatch).toBeGreaterThanOrEqual(16);
    expect(frontier[4].trainingBatch).toBeLessThan(64);
    expect(frontier[1].trainingBatch).toBeGreaterThanOrEqual(64);
  });
});

it('Ekya’s stress run: exactly 12 processes fit', () => {
  const process: ProcessMemory = { contextMiB: 1167.25, weightsMiB: 0, perImageMiB: 0 };
  expect(mostProcesses(16_280, 1328.4, process, 0)).toBe(12);
  expect(mostProcesses(16_280, 1328.4, { ...process, loadingPeakMiB: 946 }, 0)).toBe(11);
});

describe('for any sizes', () => {
  const size = fc.double({ min: 0, max: 3000, noNaN: true });
  const process = fc.record({ contextMiB: size, weightsMiB: size, perImageMiB: fc.double({ min: 0.1, max: 300, noNaN: true }), loadingPeakMiB: size });

  it('the most that fit fit, and one more does not', () => {
    fc.assert(
      fc.property(process, size, fc.integer({ min: 1, max: 64 }), (p, used, batch) => {
        const n = mostProcesses(12_000, used, p, batch);
        const need = (count: number): number => used + count * processMiB(p, batch) + p.loadingPeakMiB;
        if (n > 0) expect(need(n)).toBeLessThanOrEqual(12_000.001);
        expect(need(n + 1)).toBeGreaterThan(12_000);
      }),
    );
  });

  it('the largest batch fits, and one image more does not', () => {
    fc.assert(
      fc.property(process, size, (p, used) => {
        const batch = mostBatch(12_000, used, p);
        const need = (images: number): number => used + processMiB(p, images) + p.loadingPeakMiB;
        if (batch > 0) expect(need(batch)).toBeLessThanOrEqual(12_000.001);
        expect(need(batch + 1)).toBeGreaterThan(12_000);
      }),
    );
  });

  it('the frontier falls as inference processes are added', () => {
    fc.assert(
      fc.property(process, process, size, (inference, training, fixed) => {
        const batches = trainingBatchFrontier(12_000, fixed, inference, 1, training).map((point) => point.trainingBatch);
        for (let i = 1; i < batches.length; i++) expect(batches[i]).toBeLessThanOrEqual(batches[i - 1]);
      }),
    );
  });
});

it('what takes nothing is not limited, and negative sizes are refused', () => {
  const nothing: ProcessMemory = { contextMiB: 0, weightsMiB: 0, perImageMiB: 0 };
  expect(mostProcesses(1000, 1000, nothing, 4)).toBe(Infinity);
  expect(mostBatch(1000, 500, nothing)).toBe(Infinity);
  expect(mostProcesses(1000, 1001, nothing, 4)).toBe(0);
  expect(mostBatch(1000, 1001, nothing)).toBe(0);
  expect(() => mostProcesses(1000, -1, nothing, 4)).toThrow(/what is used takes -1 MiB/);
  expect(() => mostBatch(1000, 0, { ...nothing, perImageMiB: NaN })).toThrow(/an image takes NaN MiB/);
});
