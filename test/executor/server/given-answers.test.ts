import { expect, it } from 'vitest';
import { GivenAnswers } from '../../../src/executor/server/given-answers.js';

const scores = (...values: number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer);

it('an answer is found by its id until it has its label, is too old, or too many came after it', () => {
  let nowMs = 0;
  const given = new GivenAnswers(2, 1000, () => nowMs);
  const first = given.add(1, scores(0.1, 0.7, 0.2), { job: 0, version: 3 });
  expect(given.find(first)).toEqual({ app: 1, label: 1, classes: 3, by: { job: 0, version: 3 } });
  given.take(first);
  expect(given.find(first)).toBe('labelled');
  const second = given.add(0, scores(5));
  expect(given.find(second)).toEqual({ app: 0, label: 0, classes: 1, by: { job: -1, version: 0 } });
  // Takes the place of the first, and is not labelled as that was.
  const third = given.add(0, scores(1, 2));
  expect(given.find(first)).toBe('gone');
  expect(given.find(third)).toMatchObject({ label: 1 });
  nowMs = 1001;
  expect(given.find(third)).toBe('gone');
});

it('an id that this server never gave is unknown', () => {
  const given = new GivenAnswers();
  const id = given.add(0, scores(1));
  expect(given.find(new GivenAnswers().add(0, scores(1)))).toBe('unknown');
  for (const other of ['', 'x', `${id}0`, id.replace('-0', '-1'), id.replace('-0', '-00'), id.replace('-0', '--1')]) expect(given.find(other), other).toBe('unknown');
});
