import { expect, it } from 'vitest';
import { Event, Process } from '../../src/policy/contract.js';
import type { NamedProfile } from '../../src/scenario/scenario.js';
import { alternative, profileOf, type Setup } from '../simulator/alternative.js';
import { answerOf, at } from '../simulator/closed-forms/by-hand.js';
import { runWithPlacement, script, type Step } from './with-placement.js';

const all = Object.values(Event);
const profile: NamedProfile = {
  name: 'synthetic',
  models: { m: { solo_ms: 10, load_ms: 100, memory_mib: 1000 }, n: { solo_ms: 10, load_ms: 50, memory_mib: 2000 } },
  accelerator: { name: 'gpu', memory_mib: 3000 },
};
const system = (setup: Partial<Setup> = {}) =>
  alternative({ workload: [at([0, 200]), { ...at([5, 300]), app: 'b', stages: [{ model: 'n' }] }], sites: profile, dispatch: { policy: 'fcfs', k: 4 }, ...setup });
const M = 0;
const N = 1;

it('a worker that is at work ends its batch before it goes, and the placement is told', async () => {
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    2: (view, out) => {
      expect(view.process(0)).toBe(Process.active);
      out.evict(0);
      expect(view.process(0)).toBe(Process.leaving);
      expect([view.residents(M, 0), view.workersOn(0), Math.round(view.freeMiB(0))]).toEqual([0, [0], 2000]);
    },
    20: (view, out) => {
      expect([view.workersOn(0), Math.round(view.freeMiB(0))]).toEqual([[], 3000]);
      out.load(N, 0);
    },
    150: (view, out) => {
      out.evict(view.workersOn(0)[0]);
      // An idle one is gone at once.
      expect([view.workersOn(0), Math.round(view.freeMiB(0))]).toEqual([[], 3000]);
      out.load(M, 0);
    },
    270: (view, out) => {
      out.evict(view.workersOn(0)[0]);
      out.load(N, 0);
    },
  });
  const run = await runWithPlacement(system(), on, { events: all });
  expect(answerOf(run, 0)).toBe(10);
  expect(told).toContainEqual({ event: Event.evicted, subject: 0, nowMs: 10 });
  // Loaded from 20 to 70.
  expect(answerOf(run, 5)).toBe(80);
  expect(told).toContainEqual({ event: Event.free, subject: 0, nowMs: 70 });
  // Loaded from 150 to 250, and from 270 to 320.
  expect(answerOf(run, 200)).toBe(260);
  expect(answerOf(run, 300)).toBe(330);
});

it('requests that change their variant because theirs leaves start at once where a worker is idle', async () => {
  const variants: NamedProfile = { name: 'variants', models: { large: { solo_ms: 100, accuracy: 0.9 }, small: { solo_ms: 10, accuracy: 0.5 } } };
  const stages = [{ model: 'large', variants: [{ model: 'large' }, { model: 'small' }] }];
  const { on } = script({
    0: (_view, out) => {
      out.load(0, 0);
      out.load(1, 0);
    },
    20: (view, out) => out.evict(view.workersOn(0).find((worker) => view.laneOf(worker) === 0)!),
  });
  const run = await runWithPlacement(system({ workload: [at([0, 5], { stages })], sites: variants, select: 'static-accuracy' }), on, {});
  expect(answerOf(run, 0)).toBe(100);
  expect(answerOf(run, 5)).toBe(30);
});

it('a load that does not fit dies after its load time, and the placement is told', async () => {
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    1: (_view, out) => out.load(N, 0),
    2: (view, out) => {
      expect(view.freeMiB(0)).toBeCloseTo(0, 5);
      out.load(N, 0);
    },
  });
  const run = await runWithPlacement(system(), on, { events: all, restores: true });
  expect(run.measured.outOfMemory).toBe(1);
  expect(told).toContainEqual({ event: Event.outOfMemory, subject: 0, nowMs: expect.closeTo(52, 9) as number });
  expect(answerOf(run, 5)).toBe(61);
});

it.each([
  { restores: true, answeredMs: -1 },
  // Killed at 20, started again a second later, loaded 100 ms after that.
  { restores: false, answeredMs: 1130 },
])('a placement that restores by itself is left to do it (%j)', async ({ restores, answeredMs }) => {
  const { on, told } = script({ 0: (_view, out) => out.load(M, 0) });
  const faults: Setup['faults'] = [{ kind: 'kill worker', when: { atMs: 20 } }];
  const run = await runWithPlacement(system({ workload: [at([0, 200])], faults }), on, { events: all, restores });
  expect(told).toContainEqual({ event: Event.died, subject: 0, nowMs: 20 });
  expect(answerOf(run, 200)).toBe(answeredMs);
});

it('is told of what is lost and returns, and sees only what is there', async () => {
  const seen: (readonly number[])[] = [];
  const { told, on } = script({
    0: (_view, out) => {
      out.load(M, 0);
      out.load(M, 1);
    },
    150: (view) => void seen.push(view.accelerators),
    250: (view) => void seen.push(view.accelerators),
  });
  const faults: Setup['faults'] = [{ kind: 'lose accelerator', accelerator: 'edge/gpu1', when: { atMs: 100 }, lasts: { forMs: 100 } }];
  await runWithPlacement(system({ workload: [at([0, 400])], sites: [profile, profile], faults }), on, { events: all });
  expect(told).toContainEqual({ event: Event.lost, subject: 1, nowMs: 100 });
  expect(told).toContainEqual({ event: Event.returned, subject: 1, nowMs: 200 });
  expect(seen).toEqual([[0], [0, 1]]);
});

it('is asked about nothing but its start and its timer unless it says what it wants', async () => {
  const { on, told } = script({ 0: (_view, out) => out.load(M, 0), 50: () => undefined });
  await runWithPlacement(system({ workload: [at([0, 200])] }), on, {});
  expect(told).toEqual([]);
});

it('sees the rate at which requests join a lane, and is told when it doubles or halves', async () => {
  const rates: number[] = [];
  const evenly = Array.from({ length: 21 }, (_, i) => i * 100);
  const faster = Array.from({ length: 60 }, (_, i) => 2020 + i * 20);
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    50: (view) => void rates.push(view.arrivalRateRps(M)),
    1950: (view) => void rates.push(view.arrivalRateRps(M)),
    3190: (view) => void rates.push(view.arrivalRateRps(M)),
    5000: (view) => void rates.push(view.arrivalRateRps(M)),
  });
  await runWithPlacement(system({ workload: [at([...evenly, ...faster])], durationS: 6 }), on, { events: [Event.shifted] });
  // By hand: after 59 gaps of 20 ms that followed gaps of 100 ms the mean is 20 + 80 × 0.9^59.
  const mean = 20 + 80 * Math.exp(59 * Math.log(0.9));
  expect(rates).toEqual([0, expect.closeTo(10, 9), expect.closeTo(1000 / mean, 9), expect.closeTo(1000 / 1800, 9)]);
  // Half of 100 is reached after 10 gaps, at 20 + 80 × 0.9^10 = 47.9; half of that after 29.
  expect(told.map(({ nowMs }) => nowMs)).toEqual([2020 + 9 * 20, 2020 + 28 * 20]);
});

it.each<[string, Step, string]>([
  ['evicts what is not there', (_view, out) => out.evict(7), 'names worker 7, which is not alive'],
  ['assigns a job', (_view, out) => out.assign(0, 0), 'assigns job 0 during the run; a job stays where it was put at the start'],
  ['refuses', (_view, out) => out.refuse('no'), 'refuses during the run (no); it can refuse at the start only'],
  ['loads what the accelerator does not know', (_view, out) => out.load(M, 1), 'loads lane 0 on edge/gpu1, which is lost, or does not know model m'],
])('a placement that %s during the run is stopped', async (_what, step, message) => {
  const { on } = script({ 0: (_view, out) => out.load(M, 0), 50: step });
  const other = { name: 'other', models: { n: { solo_ms: 1 } } };
  await expect(runWithPlacement(system({ workload: [at([0, 200])], sites: [profile, other] }), on, {})).rejects.toThrow(`the place policy ${message}`);
});

it('a placement that names a wake-up that is no time is stopped', async () => {
  await expect(runWithPlacement(system({ workload: [at([0])], sites: profileOf({ solo_ms: 1 }) }), () => NaN, {})).rejects.toThrow('the place policy all-on-one returned NaN from on()');
});
