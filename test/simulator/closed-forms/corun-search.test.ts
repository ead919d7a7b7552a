import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, profileOf, type Choice } from '../alternative.js';
import { at, record } from './by-hand.js';

// Slowdowns of 1 … 4 inferences: 1, 1.8, 2.9, 4.4, and 1.1 more beside training, whose own are 1, 1.5, 2.5, 3.5, 6 beside 0 … 4.
const profile = (accelerator?: NamedProfile['accelerator']) =>
  profileOf(
    { solo_ms: 10, memory_mib: 20 },
    {
      accelerator,
      training: { net: { batch: 16, epoch_s: 100, memory_mib: 30 } },
      contention: {
        model: 'table',
        inference: { jobs: [1, 2, 3, 4], slowdown: [1, 1.8, 2.9, 4.4] },
        inference_beside_training: { net: 1.1 },
        training: { net: { jobs: [0, 1, 2, 3, 4], slowdown: [1, 1.5, 2.5, 3.5, 6] } },
      },
    },
  );

const system = (dispatch: Choice, accelerator?: NamedProfile['accelerator']) =>
  alternative({ workload: [at([0, 0, 0, 0, 0, 1000])], sites: profile(accelerator), retraining: 'net', dispatch });

describe("Corun's search on a profile made by hand", () => {
  const roomy = { name: 'gpu', memory_mib: 1000, fixed_mib: 10 };
  it.each<[string, Choice, NamedProfile['accelerator'], number, string]>([
    // 1.8 ≤ 2, 2.9 ≤ 3, but 4.4 > 4.
    ['latency', 'corun', roomy, 3, 'latency: × 4.40 at 4'],
    // 1.5 ≤ 0.8 × 2, but 2.5 > 0.8 × 3.
    ['epoch time', { policy: 'corun', epoch_tolerance: 0.8 }, roomy, 1, 'epoch time: × 2.50 at 2'],
    // 10 + 30 + 3 × 20 = 100 just fits.
    ['memory', { policy: 'corun', latency_tolerance: 9, epoch_tolerance: 9 }, { name: 'gpu', memory_mib: 100, fixed_mib: 10 }, 3, 'memory: 4 need 120 MiB'],
    ['the table', { policy: 'corun', latency_tolerance: 9, epoch_tolerance: 9 }, roomy, 4, 'what was measured: 5 inferences beside retraining net, measured up to 4'],
    ['the cap', { policy: 'corun', k_cap: 2 }, roomy, 2, 'k_cap 2'],
  ])('ends at the limit of %s', async (_, dispatch, accelerator, k, limitedBy) => {
    const { facts } = await replicate({ alternative: system(dispatch, accelerator), replication: 0, warmUpMs: 0 });
    expect(facts).toMatchObject({ K: k, 'K limited by': limitedBy });
  });

  it('says what this K does', async () => {
    const { facts } = await replicate({ alternative: system('corun', roomy), replication: 0, warmUpMs: 0 });
    expect(facts).toEqual({
      K: 3,
      'K limited by': 'latency: × 4.40 at 4',
      'latency at K': '× 2.90 in the mean, × 2.90 at worst of 1 combination',
      'epoch at K': '× 3.50 in the mean, × 3.50 at worst',
      'memory at K': '100 MiB at worst',
    });
  });

  it('is what then runs at once', async () => {
    // Five at 0 with K = 3: three take 10 × 2.9 × 1.1 = 31.9, then two take 10 × 1.8 × 1.1 = 19.8.
    const run = await record(system('corun', roomy));
    const answers = run.requests.filter((r) => r.born_ms === 0).map((r) => r.answered_ms);
    expect(answers).toEqual([31.9, 31.9, 31.9, 51.7, 51.7].map((t) => expect.closeTo(t, 9)));
  });
});
