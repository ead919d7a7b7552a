import { Type } from '@sinclair/typebox';
import { defineDrift } from '../drift.js';

export default defineDrift<object>({
  name: 'none',
  about: 'The world stays as it is.',
  source: 'The stationary baseline: an alarm is always a false one.',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({ match: () => 1, changesMs: [] }),
});
