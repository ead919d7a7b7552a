import { expect, it } from 'vitest';
import { alternative, profileOf } from '../alternative.js';
import { at, bornAt, record } from './by-hand.js';

// Up to 3 in a batch, which waits for no longer than 10; a batch of 1, 2, 3 takes 2, 3, 4.
//
//   born 0, 4, 6:       full at 6, answered at 10
//   born 20, 25:        the first has waited long enough at 30, answered at 33
//   born 31, 32, 32.5:  full at 32.5, but the worker is busy until 33; answered at 37
//   born 40, 41:        due at 50, answered at 53
//   born 45:            would make it three: full at 45, so all of 40, 41 and 45 are answered at 49
//   born 60:            alone, due at 70, answered at 72
it('batches form and start as worked out by hand', async () => {
  const run = await record(
    alternative({
      workload: [at([0, 4, 6, 20, 25, 31, 32, 32.5, 40, 41, 45, 60])],
      sites: profileOf({ solo_ms: 2, batches: { size: [1, 2, 3], mean_ms: [2, 3, 4] } }),
      dispatch: { policy: 'batch', max_batch: 3, max_delay_ms: 10, k: 1 },
    }),
  );
  const expected: [number[], number, number][] = [
    [[0, 4, 6], 6, 10],
    [[20, 25], 30, 33],
    [[31, 32, 32.5], 33, 37],
    [[40, 41, 45], 45, 49],
    [[60], 70, 72],
  ];
  for (const [births, started, answered] of expected)
    for (const born of births) expect(bornAt(run, born)).toMatchObject({ started_ms: started, answered_ms: answered });
  const spans = run.spans.filter((s) => s.kind === 'inference').map((s) => [s.start_ms, s.end_ms, s.batch]);
  expect(spans).toEqual(expected.map(([births, started, answered]) => [started, answered, births.length]));
});

it('a batch that is full before the worker is free leaves what is too many for the next one', async () => {
  // Five at once, one worker: three at 0 until 4; the other two are due at 10.
  const run = await record(
    alternative({
      workload: [at([0, 0, 0, 0, 0, 100])],
      sites: profileOf({ solo_ms: 2, batches: { size: [1, 2, 3], mean_ms: [2, 3, 4] } }),
      dispatch: { policy: 'batch', max_batch: 3, max_delay_ms: 10, k: 1 },
    }),
  );
  expect(run.requests.filter((r) => r.born_ms === 0).map((r) => r.answered_ms)).toEqual([4, 4, 4, 13, 13]);
});
