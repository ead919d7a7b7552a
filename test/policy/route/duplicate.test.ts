import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 1 });
const workload = [at([[0, 50], [100, 50]])];

it('sends every request to the first server and to its phone, wherever they stand in the list', async () => {
  const { spans } = await record(alternative({ workload, sites: { phone: [profile], edge: [profile], annex: [profile] }, devices: ['phone'], route: 'duplicate' }));
  expect(spans.map((span) => span.accelerator).sort()).toEqual(['edge/gpu0', 'edge/gpu0', 'phone/gpu0', 'phone/gpu0']);
});

it('has one leg where no phone can run the model', async () => {
  const other = { name: 'n', models: { n: { solo_ms: 1 } } };
  const { spans } = await record(alternative({ workload, sites: { edge: [profile], phone: [other] }, devices: ['phone'], route: 'duplicate' }));
  expect(spans.map((span) => span.accelerator)).toEqual(['edge/gpu0', 'edge/gpu0']);
});
