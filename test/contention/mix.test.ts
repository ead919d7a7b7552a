import type { Static } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import mix from '../../src/contention/models/mix.js';
import { classesOf, slowdownsOf, UNTOUCHED } from './slowdowns-of.js';

const parameters: Static<typeof mix.parameters> = {
  model: 'mix',
  groups: [
    { active: { 'inference:light': 1, 'inference:heavy': 1 }, slowdown: { 'inference:light': 5, 'inference:heavy': 1.2 } },
    { active: { 'inference:light': 2 }, slowdown: { 'inference:light': 1.3 } },
    { active: { 'inference:light': 1, 'training:big': 1 }, slowdown: { 'inference:light': 2 } },
    { active: { 'inference:elsewhere': 1, 'inference:light': 3 }, slowdown: { 'inference:light': 99 } },
  ],
};
const bound = mix.bind(parameters, classesOf('inference:light', 'inference:heavy', 'training:big'));

describe('measured mixes', () => {
  it('gives each class of a measured mix its own slowdown, 1 where none is written', () => {
    expect(slowdownsOf(bound, 1, 1, 0)).toEqual({ slowdown: [5, 1.2, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 2, 0, 0)).toEqual({ slowdown: [1.3, UNTOUCHED, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 1, 0, 1)).toEqual({ slowdown: [2, UNTOUCHED, 1], outside: undefined });
  });

  it('runs a process that is alone at its solo speed without an entry', () => {
    expect(slowdownsOf(bound, 1, 0, 0)).toEqual({ slowdown: [1, UNTOUCHED, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 0, 0, 1)).toEqual({ slowdown: [UNTOUCHED, UNTOUCHED, 1], outside: undefined });
    expect(slowdownsOf(bound, 0, 0, 0)).toEqual({ slowdown: [UNTOUCHED, UNTOUCHED, UNTOUCHED], outside: undefined });
  });

  it('takes the nearest measured mix for any other, and says that it was not measured', () => {
    expect(slowdownsOf(bound, 3, 0, 0)).toEqual({
      slowdown: [1.3, UNTOUCHED, UNTOUCHED],
      outside: 'the mix 3 × inference:light was not measured',
    });
    expect(slowdownsOf(bound, 1, 2, 0).outside).toBe('the mix 1 × inference:light + 2 × inference:heavy was not measured');
  });

  it('does not use a group with a class that is not on this accelerator', () => {
    const only = mix.bind({ model: 'mix', groups: [parameters.groups[3]] }, classesOf('inference:light'));
    expect(slowdownsOf(only, 3)).toEqual({ slowdown: [1], outside: 'the mix 3 × inference:light was not measured' });
  });
});
