import { expect, it } from 'vitest';
import { EdgeClock } from '../../../src/executor/elsewhere/edge-clock.js';
import { stream } from '../../../src/random/stream.js';

it('is right where both ways take equally long', () => {
  const clock = new EdgeClock();
  clock.add({ askedMs: 100, heardMs: 120, theirsMs: 5010 });
  expect(clock.theirsAt(110)).toBe(5010);
  expect(clock.theirsAt(1000)).toBe(5900);
});

it('is never further off than half of the shortest time to an answer, however the two ways differ', () => {
  const draw = stream(1, 'edge-clock');
  for (let round = 0; round < 200; round++) {
    const aheadMs = 1e6 * (draw() - 0.5);
    const clock = new EdgeClock();
    let shortestMs = Infinity;
    let nowMs = 0;
    for (let i = 0; i < 20; i++) {
      const [up, down] = [100 * draw(), 100 * draw()];
      clock.add({ askedMs: nowMs, heardMs: nowMs + up + down, theirsMs: nowMs + up + aheadMs });
      shortestMs = Math.min(shortestMs, up + down);
      nowMs += 500;
      expect(Math.abs(clock.theirsAt(nowMs) - nowMs - aheadMs)).toBeLessThanOrEqual(shortestMs / 2 + 1e-6);
    }
  }
});

it('begins anew when the other process does', () => {
  const clock = new EdgeClock();
  clock.add({ askedMs: 0, heardMs: 1, theirsMs: 60_000 });
  clock.add({ askedMs: 500, heardMs: 530, theirsMs: 20 });
  expect(clock.theirsAt(515)).toBe(20);
});

it('does not tell what it never asked', () => {
  expect(() => new EdgeClock().theirsAt(0)).toThrow(RangeError);
});
