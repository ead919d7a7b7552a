import { expect, it } from 'vitest';
import { interleaved } from '../../../src/experiment/verify/order.js';

it('runs each alternative once before any runs again', () => {
  const turns = interleaved(4, 5, 1);
  expect(turns).toHaveLength(20);
  for (let run = 0; run < 5; run++) {
    const round = turns.slice(4 * run, 4 * run + 4);
    expect(round.map((turn) => turn.run)).toEqual([run, run, run, run]);
    expect(round.map((turn) => turn.alternative).sort()).toEqual([0, 1, 2, 3]);
  }
});

it('draws the order anew each time, from the seed', () => {
  const orders = (seed: number): string[] => Array.from({ length: 20 }, (_, run) => interleaved(4, 20, seed).slice(4 * run, 4 * run + 4).map(({ alternative }) => alternative).join(''));
  expect(new Set(orders(1)).size).toBeGreaterThan(5);
  expect(orders(1)).toEqual(orders(1));
  expect(orders(2)).not.toEqual(orders(1));
});
