import { expect, it } from 'vitest';
import none from '../../src/contention/models/none.js';
import { classesOf, slowdownsOf, UNTOUCHED } from './slowdowns-of.js';

it('runs every class at its solo speed, however many there are, and never leaves its domain', () => {
  const bound = none.bind({ model: 'none' }, classesOf('inference:a', 'training:b', 'loading:a'));
  expect(slowdownsOf(bound, 50, 3, 2)).toEqual({ slowdown: [1, 1, 1], outside: undefined });
  expect(slowdownsOf(bound, 0, 1, 0)).toEqual({ slowdown: [UNTOUCHED, 1, UNTOUCHED], outside: undefined });
});
