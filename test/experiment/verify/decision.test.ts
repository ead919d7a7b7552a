import { describe, expect, it } from 'vitest';
import { decisionFidelity, type Ranked } from '../../../src/experiment/verify/decision.js';

/** Values by alternative, each ± its uncertainty. */
const ranked = (real: number[], predicted: number[], [noise, chance] = [0.1, 0.1]): Ranked[] =>
  real.map((value, i) => ({ name: 'abcdefg'[i], real: { value, interval: [value - noise, value + noise] }, predicted: { value: predicted[i], interval: [predicted[i] - chance, predicted[i] + chance] } }));

describe('Kendall’s τ between reality and simulation', () => {
  it('is 1 where they order alike, whatever the values are, and −1 where they order in reverse', () => {
    expect(decisionFidelity(ranked([1, 2, 3, 4], [10, 20, 25, 90]), 'latency_p95_ms', 'lower')?.kendall_tau).toBe(1);
    expect(decisionFidelity(ranked([1, 2, 3, 4], [4, 3, 2, 1]), 'latency_p95_ms', 'lower')?.kendall_tau).toBe(-1);
  });

  it('loses two of fifteen parts with each pair that is ordered differently', () => {
    const { kendall_tau, concordant, discordant, pairs } = decisionFidelity(ranked([1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 5, 6]), 'latency_p95_ms', 'lower')!;
    expect(kendall_tau).toBeCloseTo(13 / 15, 12);
    expect({ pairs, concordant, discordant }).toEqual({ pairs: 15, concordant: 14, discordant: 1 });
  });

  it('counts alternatives whose intervals overlap as tied (τ-b)', () => {
    // In reality a and b cannot be told apart, in simulation they can: 5 of 6 pairs are told apart there, all of them here.
    const found = decisionFidelity(ranked([1, 1.1, 3, 4], [1, 2, 3, 4]), 'latency_p95_ms', 'lower')!;
    expect(found).toMatchObject({ tied_real: 1, tied_predicted: 0, concordant: 5, discordant: 0 });
    expect(found.kendall_tau).toBeCloseTo(5 / Math.sqrt(5 * 6), 12);
  });

  it('is absent where nothing is told apart', () => {
    expect(decisionFidelity(ranked([1, 1, 1], [1, 2, 3]), 'latency_p95_ms', 'lower')).not.toHaveProperty('kendall_tau');
  });

  it('needs two alternatives', () => {
    expect(decisionFidelity(ranked([1], [1]), 'latency_p95_ms', 'lower')).toBeUndefined();
  });
});

describe('the regret of choosing by simulation', () => {
  it('is 0 where the chosen one is the best', () => {
    expect(decisionFidelity(ranked([5, 4, 6], [50, 40, 60]), 'latency_p95_ms', 'lower')).toMatchObject({ chosen_by_simulation: 'b', really_best: 'b', regret: 0, regret_percent: 0, within_noise: true });
  });

  it('is what the chosen one is worse by, in the direction that is good', () => {
    expect(decisionFidelity(ranked([5, 4, 6], [30, 40, 60]), 'latency_p95_ms', 'lower')).toMatchObject({ chosen_by_simulation: 'a', really_best: 'b', regret: 1, regret_percent: 25, within_noise: false });
    expect(decisionFidelity(ranked([5, 4, 6], [60, 40, 30]), 'goodput_rps', 'higher')).toMatchObject({ chosen_by_simulation: 'a', really_best: 'c', regret: 1, within_noise: false });
  });

  it('says where the real runs do not tell the two apart', () => {
    expect(decisionFidelity(ranked([5, 4, 6], [30, 40, 60], [0.6, 0.1]), 'latency_p95_ms', 'lower')).toMatchObject({ regret: 1, within_noise: true });
  });
});
