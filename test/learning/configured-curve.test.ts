import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainedAccuracy } from '../../src/learning/accuracy.js';
import { curveOf, type ConfiguredCurves } from '../../src/learning/configured-curve.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';

const none = { intercept: 0, network: { a: 0, b: 1 }, frozenLayers: { 0: 0, 5: -1 }, log2Batch: 0, log2Fraction: 0 };
const curves: ConfiguredCurves = { start: 0.1, ceiling: none, halfGapEpochs: { ...none, log2Batch: 1, log2Fraction: -1 }, ceilingOffset: { 'a/batch64/frozen0/data0.5': 0.2 } };

it('a configuration’s curve is what all share plus its own offset', () => {
  // logit⁻¹(0) = 0.5; twice the batch and half of the data need 2 × 2 as many epochs.
  const measured = curveOf(curves, { network: 'a', batch: 64, dataFraction: 0.5, frozenLayers: 0 });
  expect(measured).toEqual({ start: 0.1, ceiling: 0.7, halfGapEpochs: expect.closeTo(4, 12) });
  const other = curveOf(curves, { network: 'b', batch: 32, dataFraction: 1, frozenLayers: 5 });
  expect(other).toEqual({ start: 0.1, ceiling: 0.5, halfGapEpochs: expect.closeTo(1, 12) });
  expect(trainedAccuracy(measured.start, measured.ceiling, 4, measured.halfGapEpochs)).toBeCloseTo(0.4, 12);
});

describeWithSharedData('learning curves of Ekya’s configurations', () => {
  const committed = new URL('../../calibration/learning/ekya-resnet.json', import.meta.url);

  it('the committed file is what the script makes of the measurements', { timeout: 240_000 }, () => {
    const out = join(mkdtempSync(join(tmpdir(), 'corun-curves-')), 'curves.json');
    execFileSync(process.execPath, ['scripts/fit-learning-curves.mjs', sharedData('gpu-contention/retraining-configurations.csv'), '--out', out]);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(committed, 'utf8'));
  });

  it('predicts configurations that it did not see better than the nearest one and the mean do', () => {
    const { errors } = JSON.parse(readFileSync(committed, 'utf8'));
    expect(errors.accuracy_configurations_left_out_mae).toBeLessThan(0.05);
    expect(errors.accuracy_configurations_left_out_mae).toBeLessThan(0.8 * errors.accuracy_configurations_left_out_nearest_mae);
    expect(errors.accuracy_configurations_left_out_mae).toBeLessThan(0.4 * errors.accuracy_configurations_left_out_overall_mean_mae);
    expect(errors.epoch_s_configurations_left_out_mape).toBeLessThan(0.05);
  });
});
