import { expect, it } from 'vitest';
import { BooksError } from '../../src/control/books.js';
import { FifoLane } from '../../src/control/lane.js';
import { replicate } from '../../src/experiment/replication.js';
import { alternative, poisson, profileOf } from '../simulator/alternative.js';

it('a request that a queue loses is noticed when the run ends', async () => {
  const push = FifoLane.prototype.push;
  let pushed = 0;
  FifoLane.prototype.push = function (request) {
    if (++pushed % 10 !== 0) push.call(this, request);
  };
  try {
    const system = alternative({ workload: [poisson(80, 100)], sites: profileOf({ solo_ms: 10 }), measure: { drain_s: 1 } });
    await expect(replicate({ alternative: system, replication: 0, warmUpMs: 0 })).rejects.toThrow(BooksError);
  } finally {
    FifoLane.prototype.push = push;
  }
});
