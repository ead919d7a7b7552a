import { describe, expect, it } from 'vitest';
import { ProfileWatch } from '../../src/executor/profile-watch.js';
import { parseProfile } from '../../src/profile/load.js';
import { ask, fakeExecutor } from './fake-system.js';

const profile = parseProfile(
  JSON.stringify({
    models: { a: { solo_ms: 10, batches: { size: [1, 4], mean_ms: [10, 20] } }, b: { solo_ms: 40 } },
    training: { t: { batch: 16, epoch_s: 1 } },
    contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] }, inference_beside_training: { t: 1.5 }, training: { t: { jobs: [0, 2], slowdown: [1, 1.2] } } },
  }),
  'p.json',
);
const factors = (watch: ProfileWatch) => Object.fromEntries(watch.watched().map(({ model, factor }) => [model, Number(factor.toFixed(9))]));

describe('a profile that is watched', () => {
  it('is right where times are as predicted: alone, beside another for part of the time, in a batch, beside training', () => {
    const watch = new ProfileWatch([profile]);
    watch.began(0, 0, 'a', 1, 0);
    watch.ended(0, true, 10);
    // b needs 40 ms alone; for 20 of them a neighbour halves its speed, and the neighbour takes 20 ms for its 10.
    watch.began(1, 0, 'b', 1, 100);
    watch.began(0, 0, 'a', 1, 110);
    watch.ended(0, true, 130);
    watch.ended(1, true, 150);
    watch.began(0, 0, 'a', 4, 200);
    watch.ended(0, true, 220);
    watch.trains(0, 't', true, 300);
    watch.began(0, 0, 'a', 1, 300);
    watch.ended(0, true, 315);
    watch.trains(0, 't', false, 316);
    expect(factors(watch)).toEqual({ a: 1, b: 1 });
    expect(watch.watched().map(({ batches, stale }) => [batches, stale])).toEqual([[4, undefined], [1, undefined]]);
  });

  it('is stale when everything takes longer than it says', () => {
    const watch = new ProfileWatch([profile]);
    for (let i = 0; i < 200; i++) {
      watch.began(0, 0, 'a', 1, 100 * i);
      watch.ended(0, true, 100 * i + 14);
    }
    expect(factors(watch)).toEqual({ a: 1.4 });
    expect(watch.watched()[0].stale).toBe('takes 40 % longer than the profile says; corun calibrate makes a new one');
  });

  it('says nothing of what it was not measured for, nor of batches that were broken off', () => {
    const watch = new ProfileWatch([profile]);
    for (const worker of [0, 1, 2]) watch.began(worker, 0, 'a', 1, 0);
    for (const worker of [0, 1, 2]) watch.ended(worker, true, 5);
    watch.began(0, 0, 'a', 1, 10);
    watch.ended(0, false, 500);
    watch.ended(0, true, 600);
    watch.began(0, 0, 'a', 1, 700);
    watch.trains(0, 'stranger', true, 705);
    watch.ended(0, true, 710);
    expect(watch.watched()).toEqual([]);
  });

  it('keeps accelerators apart', () => {
    const watch = new ProfileWatch([profile, profile]);
    watch.began(0, 0, 'a', 1, 0);
    watch.began(1, 1, 'a', 1, 0);
    watch.ended(0, true, 10);
    watch.ended(1, true, 30);
    expect(watch.watched().map(({ accelerator, factor }) => [accelerator, Number(factor.toFixed(9))])).toEqual([[0, 1], [1, 3]]);
  });

  it('is watched by the executor: a machine that is slower than its profile is found out', async () => {
    const { executor, system } = fakeExecutor({ models: { a: { solo_ms: 40 } } }, { dispatch: ['fcfs', { k: 1 }] });
    system.accelerators[0].profile.models.a.solo_ms = 10;
    await executor.begin();
    for (let i = 0; i < 12; i++) await ask(executor, 0, i % 10);
    await executor.stop(1000);
    const [found] = executor.watch.watched();
    expect(found.batches).toBe(12);
    expect(found.factor).toBeGreaterThan(3.9);
    expect(found.stale).toMatch(/longer than the profile says/);
  });
});
