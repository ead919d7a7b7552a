import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { bindContention } from '../../src/profile/contention.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import type { Profile } from '../../src/profile/schema.js';

const profile: Profile = {
  name: 'lab',
  accelerator: { name: 'GPU', memory_mib: 1000, fixed_mib: 100 },
  models: {
    light: { solo_ms: 2, memory_mib: 200 },
    heavy: { solo_ms: 20, host_ms: 3, memory_mib: 300 },
  },
  training: {
    big: { batch: 16, epoch_s: 100, memory_mib: 300, slice: { busy: 0.5, length_ms: 4 } },
    small: { batch: 2, epoch_s: 10 },
  },
  contention: {
    model: 'table',
    inference: { jobs: [1, 2, 3], slowdown: [1, 1.5, 2.5] },
    inference_beside_training: { big: 2, small: 1 },
    training: { big: { jobs: [0, 2], slowdown: [1, 1.4] }, small: { jobs: [0, 3], slowdown: [1, 1] } },
  },
};

describe('what a profile predicts for jobs that are always busy', () => {
  it('multiplies the solo time, in the order asked, and leaves host time alone', () => {
    const run = predictCoRun(profile, ['heavy', 'light', 'heavy'], undefined);
    expect(run.latencyMs).toEqual([20 * 2.5 + 3, 2 * 2.5, 20 * 2.5 + 3]);
    expect(run.epochMs).toBeUndefined();
    expect(run.outside).toBeUndefined();
  });

  it('adds the mean wait for a training slice, busy × length / 2, once and unmultiplied', () => {
    expect(predictCoRun(profile, ['light', 'light'], 'big').latencyMs).toEqual([1 + 2 * 1.5 * 2, 1 + 2 * 1.5 * 2]);
    expect(predictCoRun(profile, ['light'], 'small').latencyMs).toEqual([2]);
  });

  it('multiplies the epoch, in ms', () => {
    expect(predictCoRun(profile, [], 'big').epochMs).toBe(100_000);
    expect(predictCoRun(profile, ['light', 'heavy'], 'big').epochMs).toBe(140_000);
    expect(predictCoRun(profile, [], undefined)).toEqual({ latencyMs: [], epochMs: undefined, memoryMiB: 100, fits: true, outside: undefined });
  });

  it('sums a process for each job asked, the fixed part once, and lets what equals the memory fit', () => {
    expect(predictCoRun(profile, ['heavy', 'heavy', 'heavy'], undefined)).toMatchObject({ memoryMiB: 1000, fits: true });
    expect(predictCoRun(profile, ['light', 'heavy'], 'big')).toMatchObject({ memoryMiB: 900, fits: true });
    expect(predictCoRun(profile, ['heavy', 'heavy'], 'big')).toMatchObject({ memoryMiB: 1000, fits: true });
    expect(predictCoRun(profile, ['heavy', 'heavy', 'light'], 'big')).toMatchObject({ memoryMiB: 1200, fits: false });
  });

  it('passes on what lies outside the measured domain', () => {
    expect(predictCoRun(profile, ['light', 'light', 'light', 'light'], undefined).outside).toBe('4 inferences at once, measured up to 3');
    expect(predictCoRun(profile, ['light', 'light', 'light'], 'big').outside).toBe('3 inferences beside retraining big, measured up to 2');
  });

  it('has unlimited memory without an accelerator and no contention without a model', () => {
    const bare: Profile = { models: { any: { solo_ms: 10, memory_mib: 1e9 } } };
    expect(predictCoRun(bare, ['any', 'any'], undefined)).toEqual({ latencyMs: [10, 10], epochMs: undefined, memoryMiB: 2e9, fits: true, outside: undefined });
  });
});

describe('mistakes', () => {
  const messageOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  };

  it('names the profile, the unknown model and the nearest spelling', () => {
    expect(messageOf(() => predictCoRun(profile, ['haevy'], undefined))).toBe(
      'profile lab has no inference model "haevy"; did you mean heavy? (known: light, heavy)',
    );
    expect(messageOf(() => predictCoRun(profile, ['light'], 'bigg'))).toBe(
      'profile lab has no retraining model "bigg"; did you mean big? (known: big, small)',
    );
    expect(messageOf(() => predictCoRun({ models: { a: { solo_ms: 1 } } }, ['a'], 'big'))).toBe(
      'profile (inline) has no retraining model "big"',
    );
    expect(messageOf(() => predictCoRun(profile, ['toString'], undefined))).toContain('has no inference model "toString"');
  });

  it('turns curves that do not fit together into a sentence', () => {
    const broken: Profile = { ...profile, contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1] } } };
    expect(messageOf(() => bindContention(broken, []))).toBe(
      'profile lab, contention (model table): needs as many x (2) as y (1), at least one',
    );
  });
});
