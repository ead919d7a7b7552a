import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'retrain'>({
  name: 'never',
  about: 'The model is never retrained: inference has the accelerator to itself.',
  source: 'The baseline without retraining.',
  decision: 'retrain',
  options: Type.Object({}, { additionalProperties: false }),
  events: [],
  create: () => ({ on: () => NEVER }),
});
