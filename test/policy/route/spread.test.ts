import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('gives the requests of each app to the sites in turn', async () => {
  const profile = profileOf({ solo_ms: 1 });
  const workload = [at([0, 10, 20, 30]), { ...at([5, 15]), app: 'b' }];
  const { spans } = await record(alternative({ workload, sites: { edge: [profile], annex: [profile] }, route: 'spread' }));
  expect(spans.filter((s) => s.track === 'a #1').map((s) => s.accelerator)).toEqual(['edge/gpu0', 'annex/gpu0', 'edge/gpu0', 'annex/gpu0']);
  expect(spans.filter((s) => s.track === 'b #1').map((s) => s.accelerator)).toEqual(['edge/gpu0', 'annex/gpu0']);
});

it('only to sites that can run the stage', async () => {
  const profile = profileOf({ solo_ms: 1 });
  const { spans } = await record(alternative({ workload: [at([0, 10, 20, 30])], sites: { edge: [profile], other: [{ name: 'n', models: { n: { solo_ms: 1 } } }], annex: [profile] }, route: 'spread' }));
  expect(spans.map((s) => s.accelerator)).toEqual(['edge/gpu0', 'annex/gpu0', 'edge/gpu0', 'annex/gpu0']);
});
