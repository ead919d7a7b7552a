import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('turns everybody away at once', async () => {
  const { requests, spans } = await record(alternative({ workload: [at([0, 1]), { ...at([1]), app: 'b' }], sites: profileOf({ solo_ms: 10 }), dispatch: 'reject-all' }));
  expect(requests.map((r) => r.outcome)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(spans).toEqual([]);
});
