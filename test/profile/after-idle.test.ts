import { describe, expect, it } from 'vitest';
import { afterIdle } from '../../src/profile/after-idle.js';
import { checkProfile } from '../../src/profile/load.js';

const alone = { cools_ms: 10, warms_ms: 4, processes: [1, 3], added_ms: [2, 6] };

describe('what idleness costs, by a profile', () => {
  it('grows while a process is idle, and goes while it works', () => {
    const idle = afterIdle({ after_idle: { alone } })!;
    expect(idle.coldAfter(0, 10, false)).toBeCloseTo(1 - Math.exp(-1), 12);
    expect(idle.coldAfter(0.5, 20, false)).toBeCloseTo(1 - 0.5 * Math.exp(-2), 12);
    expect([idle.coldAfter(0.3, 0, false), idle.coldAfter(1, Infinity, false), idle.coldAfter(0, Infinity, false)]).toEqual([0.3, 1, 1]);
    expect(idle.coldAfterWork(1, 4, false)).toBeCloseTo(Math.exp(-1), 12);
  });

  it('comes and goes at once where both times are 0', () => {
    const idle = afterIdle({ after_idle: { alone: { cools_ms: 0, processes: [1], added_ms: [2] } } })!;
    expect([idle.coldAfter(0, 0, false), idle.coldAfter(0, 0.1, false), idle.coldAfterWork(1, 0.1, false)]).toEqual([0, 1, 0]);
  });

  it('is by how cold the process is; between numbers of processes linear, beyond them constant', () => {
    const idle = afterIdle({ after_idle: { alone } })!;
    expect([0, 1, 2, 3, 9].map((processes) => idle.addedMs(processes, 1, false, 0.5))).toEqual([2, 2, 4, 6, 6]);
    expect([0, 0.5, 1].map((cold) => idle.addedMs(1, cold, false, 0.5))).toEqual([0, 1, 2]);
  });

  it('beside training is that of nothing training where only that was measured, and nothing where it is the other way round', () => {
    expect(afterIdle({ after_idle: { alone } })!.addedMs(1, 1, true, 0.5)).toBe(2);
    const beside = { cools_ms: 3, processes: [1], added_ms: [7] };
    const both = afterIdle({ after_idle: { alone, beside_training: beside } })!;
    expect([both.addedMs(1, 1, true, 0.5), both.addedMs(1, 1, false, 0.5)]).toEqual([7, 2]);
    expect(both.coldAfter(0, 3, true)).toBeCloseTo(1 - Math.exp(-1), 12);
    const only = afterIdle({ after_idle: { beside_training: beside } })!;
    expect([only.addedMs(1, 1, false, 0.5), only.coldAfter(0, 3, false)]).toEqual([0, 0]);
  });

  it('is spread around its mean', () => {
    const idle = afterIdle({ after_idle: { alone: { ...alone, cv: 0.5 } } })!;
    const n = 20_000;
    const drawn = Array.from({ length: n }, (_, i) => idle.addedMs(1, 1, false, (i + 0.5) / n));
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / n;
    expect(mean).toBeCloseTo(2, 2);
    expect(Math.sqrt(drawn.reduce((sum, ms) => sum + (ms - mean) * (ms - mean), 0) / n)).toBeCloseTo(1, 1);
  });

  it('has a cost for each number of processes', () => {
    const { issues } = checkProfile({ models: { cnn: { solo_ms: 5, after_idle: { alone: { cools_ms: 1, processes: [1, 2], added_ms: [3] } } } } }, [], 'p');
    expect(issues.map(({ path, sentence }) => `${path.join('.')} ${sentence}`)).toEqual(['models.cnn.after_idle.alone.added_ms has 1 entry, processes has 2; one for each is needed']);
  });
});
