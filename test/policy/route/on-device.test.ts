import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 1 });

it('runs every request on its phone, and what no phone can run at the first site that can', async () => {
  const workload = [at([0, 10]), { ...at([5]), app: 'b', stages: [{ model: 'n' }] }];
  const edge = { name: 'edge', models: { m: { solo_ms: 1 }, n: { solo_ms: 1 } } };
  const { spans } = await record(alternative({ workload, sites: { edge: [edge], phone: [profile] }, devices: ['phone'], route: 'on-device', network: { up: { fixed_ms: 2 } } }));
  expect(spans.map((span) => [span.accelerator, span.start_ms])).toEqual([['phone/gpu0', 0], ['edge/gpu0', 7], ['phone/gpu0', 10]]);
});
