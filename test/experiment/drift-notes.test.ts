import { expect, it } from 'vitest';
import { driftNotes } from '../../src/experiment/drift-notes.js';
import type { Runs } from '../../src/experiment/runs.js';

const runs = (retraining: object[]): Runs => ({ alternative: { scenario: { retraining } } }) as Runs;
const gradual = { model: 'resnet50', app: 'plants', learning: { drift: { kind: 'gradual', half_life_h: 6 } } };

it('says once what drift was assumed, and nothing where nothing learns', () => {
  expect(driftNotes([runs([gradual]), runs([gradual]), runs([])])).toEqual(['Assumed, not measured: accuracy of plants under gradual drift (half_life_h 6).']);
  const sudden = { model: 'vgg16', learning: { drift: { kind: 'sudden', at_h: [3, 8], lost_share: 0.5 } } };
  expect(driftNotes([runs([gradual, sudden])])).toEqual([
    'Assumed, not measured: accuracy of plants under gradual drift (half_life_h 6); accuracy of vgg16 under sudden drift (at_h 3, 8; lost_share 0.5).',
  ]);
  expect(driftNotes([runs([{ model: 'resnet50' }])])).toEqual([]);
});
