import { describe, expect, it } from 'vitest';
import { afterIdle } from '../../src/profile/after-idle.js';
import { checkProfile } from '../../src/profile/load.js';

const alone = { idle_ms: 10, processes: [1, 3], added_ms: [2, 6] };

describe('what idleness costs, by a profile', () => {
  it('is added once a process was idle for longer; between numbers of processes linear, beyond them constant', () => {
    const idle = afterIdle({ after_idle: { alone } })!;
    expect([0, 1, 2, 3, 9].map((processes) => idle.addedMs(processes, 50, false, 0.5))).toEqual([2, 2, 4, 6, 6]);
    expect([9, 10, 10.1, Infinity].map((idleMs) => idle.addedMs(1, idleMs, false, 0.5))).toEqual([0, 0, 2, 2]);
  });

  it('beside training is that of nothing training where only that was measured, and nothing where it is the other way round', () => {
    expect(afterIdle({ after_idle: { alone } })!.addedMs(1, 50, true, 0.5)).toBe(2);
    const beside = { idle_ms: 0, processes: [1], added_ms: [7] };
    const both = afterIdle({ after_idle: { alone, beside_training: beside } })!;
    expect([both.addedMs(1, 50, true, 0.5), both.addedMs(1, 50, false, 0.5)]).toEqual([7, 2]);
    expect(afterIdle({ after_idle: { beside_training: beside } })!.addedMs(1, 50, false, 0.5)).toBe(0);
  });

  it('is nothing between images that follow each other', () => {
    const idle = afterIdle({ after_idle: { alone: { ...alone, idle_ms: 0 } } })!;
    expect([0, 0.9, 1.1].map((idleMs) => idle.addedMs(1, idleMs, false, 0.5))).toEqual([0, 0, 2]);
  });

  it('is spread around its mean', () => {
    const idle = afterIdle({ after_idle: { alone: { ...alone, cv: 0.5 } } })!;
    const n = 20_000;
    const drawn = Array.from({ length: n }, (_, i) => idle.addedMs(1, 50, false, (i + 0.5) / n));
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / n;
    expect(mean).toBeCloseTo(2, 2);
    expect(Math.sqrt(drawn.reduce((sum, ms) => sum + (ms - mean) * (ms - mean), 0) / n)).toBeCloseTo(1, 1);
  });

  it('has a cost for each number of processes', () => {
    const { issues } = checkProfile({ models: { cnn: { solo_ms: 5, after_idle: { alone: { idle_ms: 1, processes: [1, 2], added_ms: [3] } } } } }, [], 'p');
    expect(issues.map(({ path, sentence }) => `${path.join('.')} ${sentence}`)).toEqual(['models.cnn.after_idle.alone.added_ms has 1 entry, processes has 2; one for each is needed']);
  });
});
