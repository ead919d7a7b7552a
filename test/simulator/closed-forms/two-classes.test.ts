import { describe, expect, it } from 'vitest';
import { alternative, poisson } from '../alternative.js';
import { expectTruth, meanInSystem, measure, rejectedShare } from './replications.js';

/** Slowdowns of the two classes for every mix (i, j) of at most 3: irregular on purpose. */
const slowdown: Record<string, [number, number]> = {
  '2,0': [1.4, 1],
  '0,2': [1, 1.7],
  '1,1': [1.2, 2.1],
  '3,0': [2.2, 1],
  '2,1': [1.9, 2.6],
  '1,2': [1.5, 3.3],
  '0,3': [1, 2.9],
};
const room = 3;
const arrivals = [0.9, 0.5];
const soloMs = [1, 1.6];

interface State {
  i: number;
  j: number;
  share: number;
}

/** Stationary distribution of (i, j), by Gauss and Seidel's iteration on the balance equations until no share changes by 1e-14. */
function stationary(): State[] {
  const states: State[] = [];
  for (let i = 0; i <= room; i++) for (let j = 0; i + j <= room; j++) states.push({ i, j, share: 1 });
  const at = (i: number, j: number) => states.find((s) => s.i === i && s.j === j);
  const rates = (i: number, j: number) => slowdown[`${i},${j}`] ?? [1, 1];
  const death = ({ i, j }: State): [number, number] => {
    const [s0, s1] = rates(i, j);
    return [i / (s0 * soloMs[0]), j / (s1 * soloMs[1])];
  };
  for (let sweep = 0, change = 1; change > 1e-14; sweep++) {
    if (sweep > 100_000) throw new Error('no convergence');
    change = 0;
    for (const state of states) {
      const { i, j } = state;
      const [d0, d1] = death(state);
      const out = d0 + d1 + (i + j < room ? arrivals[0] + arrivals[1] : 0);
      const left = at(i - 1, j);
      const below = at(i, j - 1);
      const right = at(i + 1, j);
      const above = at(i, j + 1);
      const flow =
        (left ? left.share * arrivals[0] : 0) + (below ? below.share * arrivals[1] : 0) + (right ? right.share * death(right)[0] : 0) + (above ? above.share * death(above)[1] : 0);
      change = Math.max(change, Math.abs(flow / out - state.share));
      state.share = flow / out;
    }
    const total = states.reduce((sum, s) => sum + s.share, 0);
    for (const state of states) state.share /= total;
  }
  return states;
}

describe('two classes whose rates depend on the mix', () => {
  const states = stationary();
  const mean = (of: (s: State) => number) => states.reduce((sum, s) => sum + of(s) * s.share, 0);

  it('have a truth that balances to 1e-8', () => {
    // What comes into class 0 goes out of it: λ₀ (1 − blocked) = Σ share × i / (s₀ solo₀).
    const blocked = mean(({ i, j }) => (i + j === room ? 1 : 0));
    const served = mean(({ i, j }) => i / ((slowdown[`${i},${j}`] ?? [1, 1])[0] * soloMs[0]));
    expect(Math.abs(arrivals[0] * (1 - blocked) - served)).toBeLessThan(1e-8);
    expect(Math.abs(mean(() => 1) - 1)).toBeLessThan(1e-8);
  });

  it('have the numbers in system and the blocking of their Markov chain', async () => {
    const spread = { distribution: 'exponential' } as const;
    const groups = Object.entries(slowdown).map(([key, [first, second]]) => {
      const [i, j] = key.split(',').map(Number);
      return {
        active: { ...(i > 0 ? { 'inference:m': i } : {}), ...(j > 0 ? { 'inference:n': j } : {}) },
        slowdown: { ...(i > 0 ? { 'inference:m': first } : {}), ...(j > 0 ? { 'inference:n': second } : {}) },
      };
    });
    const system = alternative({
      durationS: 120,
      workload: [poisson(1000 * arrivals[0], undefined, 'a', 'm'), poisson(1000 * arrivals[1], undefined, 'b', 'n')],
      sites: { name: 'mixed', models: { m: { solo_ms: soloMs[0], spread }, n: { solo_ms: soloMs[1], spread } }, contention: { model: 'mix', groups } },
      dispatch: { policy: 'fcfs', k: room, queue_limit: 0 },
      place: { policy: 'all-on-one', copies: room },
    });
    const runs = await measure(system, 10, 100);
    const blocked = mean(({ i, j }) => (i + j === room ? 1 : 0));
    for (const app of [0, 1]) {
      expectTruth(runs.map((run) => meanInSystem(run, app)), mean(({ i, j }) => (app === 0 ? i : j)), 0.015);
      expectTruth(runs.map((run) => rejectedShare(run, app)), blocked, 0.02);
    }
    expectTruth(runs.map(({ busyShare }) => busyShare[0]), 1 - states.find(({ i, j }) => i + j === 0)!.share, 0.01);
  });
});
