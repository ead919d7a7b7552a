import { describe, expect, it } from 'vitest';
import { drawCount, drawnProfile } from '../../src/profile/drawn.js';
import { parseProfile } from '../../src/profile/load.js';

const curve = (two: number) => ({ model: 'table', inference: { jobs: [1, 2], slowdown: [1, two] } });
const base = {
  models: { cnn: { solo_ms: 10, batches: { size: [1, 4], mean_ms: [10, 20] } }, other: { solo_ms: 5 } },
  training: { cnn: { batch: 16, epoch_s: 100 } },
  contention: curve(1.5),
};
const parse = (draws: unknown) => parseProfile(JSON.stringify({ ...base, uncertainty: { draws } }), 'p.json');

describe('a draw of a profile', () => {
  const profile = parse([{ time: { 'inference:cnn': 1.1, 'training:cnn': 0.9 }, contention: curve(1.7) }, {}]);

  it('has its times alone and its contention', () => {
    const drawn = drawnProfile(profile, 0);
    expect(drawn.models.cnn.solo_ms).toBeCloseTo(11, 12);
    expect(drawn.models.cnn.batches!.mean_ms).toEqual([11, 22]);
    expect(drawn.models.other.solo_ms).toBe(5);
    expect(drawn.training!.cnn.epoch_s).toBeCloseTo(90, 12);
    expect(drawn.contention).toEqual(curve(1.7));
  });

  it('that says nothing is the profile itself, and the profile is not changed', () => {
    expect(drawnProfile(profile, 1)).toEqual(profile);
    expect(profile.models.cnn.solo_ms).toBe(10);
    expect(drawnProfile(profile, 2)).toEqual(drawnProfile(profile, 0));
  });

  it('of a profile that states no uncertainty is that profile', () => {
    const plain = parseProfile(JSON.stringify(base), 'p.json');
    expect(drawCount(plain)).toBe(0);
    expect(drawnProfile(plain, 3)).toBe(plain);
  });

  it.each([
    [[{}], 'uncertainty.draws'],
    [[{}, { time: { 'inference:cnm': 1 } }], 'did you mean cnn?'],
    [[{}, { time: { 'inference:cnn': 0 } }], 'uncertainty.draws.1.time'],
    [[{}, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1] } } }], 'uncertainty.draws.1.contention.inference.slowdown'],
  ])('is checked as the profile is: %j', (draws, message) => {
    expect(() => parse(draws)).toThrow(message);
  });
});
