import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/input/nearest.js';

it.each([
  ['slo_s', ['slo_ms', 'site', 'model'], ['slo_ms']],
  ['slo', ['slo_ms', 'site', 'model'], ['slo_ms']],
  ['slo_seconds', ['slo_ms', 'site'], ['slo_ms']],
  ['rate', ['rate_rps', 'cv'], ['rate_rps']],
  ['pu', ['up', 'down'], ['up']],
  ['j', ['k', 'queue_limit'], ['k']],
  ['mix', ['min', 'max', 'relative_half_width'], ['min', 'max']],
  ['RESNET50', ['resnet50', 'vgg16'], ['resnet50']],
  ['bert', ['resnet50', 'vgg16'], []],
  ['colour', ['k'], []],
])('%s among %j', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toEqual(meant);
});

it('says nothing rather than something far-fetched', () => {
  expect(didYouMean('bert', ['vgg16'])).toBe('');
  expect(didYouMean('fcsf', ['edf', 'fcfs'])).toBe('; did you mean fcfs?');
});
