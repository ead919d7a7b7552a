import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('sends every stage to the first site that can run it', async () => {
  const other = { name: 'other', models: { n: { solo_ms: 5 } } };
  const workload = [{ ...at([0, 20, 40]), stages: [{ model: 'm' }, { model: 'n' }] }];
  const { spans } = await record(alternative({ workload, sites: { edge: [profileOf({ solo_ms: 10 })], annex: [other], attic: [other] } }));
  expect(spans.map((s) => [s.accelerator, s.start_ms])).toEqual([['edge/gpu0', 0], ['annex/gpu0', 10], ['edge/gpu0', 20], ['annex/gpu0', 30], ['edge/gpu0', 40], ['annex/gpu0', 50]]);
});
