import { describe, expect, it } from 'vitest';
import { lookedUp, withoutContention } from '../../../src/experiment/verify/naive.js';
import type { NamedProfile } from '../../../src/profile/load.js';
import type { ResolvedAlternative } from '../../../src/scenario/scenario.js';

const profile: NamedProfile = {
  name: 'small',
  models: { a: { solo_ms: 10 }, b: { solo_ms: 20, host_ms: 1 } },
  training: { t: { batch: 8, epoch_s: 30, slice: { busy: 0.5, length_ms: 8 } } },
  contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 1.5] }, inference_beside_training: { t: 2 }, training: { t: { jobs: [0, 2], slowdown: [1, 1.4] } } },
};
const alternative = { name: 'x', accelerators: [{ site: 0, name: 'edge/gpu0', profile }] } as unknown as ResolvedAlternative;

describe('times looked up', () => {
  it('are those of workers that are always busy', () => {
    const found = lookedUp(alternative, [['a', 'b']], 20, [undefined]);
    expect(found.latency_p95_ms).toBeCloseTo((15 + 31) / 2, 9);
    expect(found.throughput_rps).toBe(20);
    expect(found).not.toHaveProperty('epoch_s');
    expect(lookedUp(alternative, [['a', 'b']], 1000, [undefined]).throughput_rps).toBeCloseTo(1000 / 15 + 1000 / 31, 9);
  });

  it('hold what retraining costs, and what it costs retraining', () => {
    const found = lookedUp(alternative, [['a', 'a']], 20, ['t']);
    // Slowdown 1.5 × 2, and the mean wait for a training slice, 0.5 × 8 / 2 ms.
    expect(found.latency_p50_ms).toBeCloseTo(2 + 30, 9);
    expect(found.epoch_s).toBeCloseTo(30 * 1.4, 9);
  });

  it('are not there for a model that was not measured', () => {
    expect(lookedUp(alternative, [['c']], 20, [undefined])).toEqual({});
  });
});

it('without contention neither neighbours nor slices of training cost anything, and the rest stays', () => {
  const [{ profile: alone }] = withoutContention(alternative).accelerators;
  expect(alone).toEqual({ name: 'small', models: profile.models, training: { t: { batch: 8, epoch_s: 30 } } });
  expect(profile.contention).toBeDefined();
});
