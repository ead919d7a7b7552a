import { Type } from '@sinclair/typebox';
import { defineDelay } from '../delay.js';

export default defineDelay({
  name: 'fixed_ms',
  about: 'The same delay for every transfer.',
  source: 'A constant.',
  options: Type.Number({ minimum: 0, description: 'the same delay for every transfer', examples: [20] }),
  drawn: false,
  quantile: (ms) => () => ms,
});
