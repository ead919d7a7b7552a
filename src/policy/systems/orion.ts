import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'orion',
  about: 'Lets best-effort work, such as training, start beside a high-priority model where both fit and need different things, and throttles it by its duration.',
  source: 'Strati, Ma, Klimovic: Orion, EuroSys 2024, doi 10.1145/3627703.3629578, and its released code',
  fills: { dispatch: 'orion', retrain: 'when-idle', place: 'all-on-one' },
  published: ['kind and width of an operation, and the gate', 'the search of the width beside high-priority training'],
  reconstructed: ['an operation is a whole batch or training step where a profile knows no finer ones; both are bound by compute, so that training runs while no request is there', 'the duration threshold as 2.5 % of the high-priority latency, which its published 160 µs is of 6.5 ms'],
  runs: ['simulator', 'executor', 'planner'],
  checks: [],
});
