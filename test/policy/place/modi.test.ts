import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { bestThatFit, type Candidate } from '../../../src/policy/place/modi-plan.js';
import type { NamedProfile, Repository } from '../../../src/scenario/scenario.js';
import { alternative, type Setup } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

const of = (model: number, app: string, accuracy: number, sizeMiB: number, demandRps = 1, soloMs = sizeMiB): Candidate => ({ model, app, accuracy, sizeMiB, demandRps, soloMs });

describe('the best models that fit', () => {
  const small = of(0, 'a', 0.5, 10);
  const large = of(1, 'a', 0.8, 90);
  it.each<[string, Candidate[], number, number[]]>([
    ['the most accurate one and then the fastest', [small, large], 100, [1, 0]],
    ['the most accurate one that fits', [small, large], 89, [0]],
    ['nothing into nothing', [small, large], 5, []],
    ['all into a storage without a limit', [small, large], Infinity, [1, 0]],
    ['one for each app before a second for any', [large, small, of(2, 'b', 0.4, 20), of(3, 'b', 0.9, 95)], 110, [1, 2]],
    ['the busier app’s choice first', [of(0, 'a', 0.5, 10), of(1, 'a', 0.8, 50), of(2, 'b', 0.5, 10, 9), of(3, 'b', 0.8, 50, 9)], 60, [3, 0]],
    ['a model that two apps share once', [large, of(1, 'b', 0.8, 90), small], 95, [1]],
    ['what else fits by demand and accuracy', [of(0, 'a', 0.9, 10, 1, 5), of(1, 'a', 0.6, 40), of(2, 'a', 0.7, 40)], 50, [0, 2]],
  ])('%s', (_what, candidates, capacity, chosen) => {
    expect(bestThatFit(candidates, capacity)).toEqual(chosen);
  });
});

const profile: NamedProfile = {
  name: 'synthetic',
  models: { small: { solo_ms: 10, load_ms: 100, accuracy: 0.5, memory_mib: 10 }, large: { solo_ms: 40, load_ms: 100, accuracy: 0.8, memory_mib: 10 } },
};
const stages = [{ model: 'small', variants: [{ model: 'small' }, { model: 'large' }] }];
/** 10 MiB take a second. */
const link = { rate_mbps: 83.88608 };
const versions = (size: number, updates: { at_s: number; size_mib: number; accuracy: number }[] = []): Repository['models'][number]['versions'] => [{ at_s: 0, size_mib: size }, ...updates];
const repository = (largeUpdates: { at_s: number; size_mib: number; accuracy: number }[] = []): Repository => ({
  models: [{ model: 'small', versions: versions(10) }, { model: 'large', versions: versions(40, largeUpdates) }],
  link,
});
const system = (setup: Partial<Setup>) =>
  alternative({ workload: [at([0], { stages })], sites: profile, repository: repository(), select: 'modi', dispatch: { policy: 'fcfs', k: 2 }, place: 'modi', durationS: 20, ...setup });

it('an edge with little storage serves what fits, one with more the best', async () => {
  const served = async (mib: number): Promise<number> => answerOf(await record(system({ storageMiB: [mib] })), 0);
  expect(await served(10)).toBe(10);
  expect(await served(40)).toBe(40);
  expect(await served(60)).toBe(40);
});

it('a new version is pulled, loaded beside the old one, and takes its place', async () => {
  const update = [{ at_s: 5, size_mib: 40, accuracy: 0.9 }];
  const { measured } = await replicate({ alternative: system({ workload: [at([0, 9050, 9150], { stages })], repository: repository(update), storageMiB: [90] }), replication: 0, warmUpMs: 0 });
  // Pulled from 5 s to 9 s, loaded until 9.1 s.
  expect(measured!.apps[0].accuracySum).toBeCloseTo(0.8 + 0.8 + 0.9, 12);
});

it('where there is no room for both, the old version goes first, and its worker serves on', async () => {
  const update = [{ at_s: 5, size_mib: 40, accuracy: 0.9 }];
  const run = system({ workload: [at([6000, 12000], { stages })], repository: repository(update), storageMiB: [50] });
  const { measured } = await replicate({ alternative: run, replication: 0, warmUpMs: 0 });
  expect(measured!.apps[0]).toMatchObject({ answered: 2 });
  expect(measured!.apps[0].accuracySum).toBeCloseTo(0.8 + 0.9, 12);
});

it('without the manager the edges go on with what they have; it catches up when it is back', async () => {
  const update = [{ at_s: 5, size_mib: 40, accuracy: 0.9 }];
  const faults: Setup['faults'] = [
    { kind: 'lose manager', when: { atMs: 1000 }, lasts: { forMs: 9000 } },
    // The edge starts its dead worker again by itself.
    { kind: 'kill worker', when: { atMs: 2000 }, app: 'a' },
  ];
  const run = system({ workload: [at([500, 6000, 15_000], { stages })], repository: repository(update), storageMiB: [90], faults });
  const { measured } = await replicate({ alternative: run, replication: 0, warmUpMs: 0 });
  expect(measured!.apps[0]).toMatchObject({ answered: 3, failed: 0 });
  expect(measured!.apps[0].accuracySum).toBeCloseTo(0.8 + 0.8 + 0.9, 12);
});

it('storage goes to the app that is asked for, as the statistics come in', async () => {
  const models: NamedProfile = { ...profile, models: { ...profile.models, other: { solo_ms: 10, load_ms: 100, accuracy: 0.5 } } };
  const often = Array.from({ length: 100 }, (_, i) => i * 100);
  // At the start nobody has asked: the first app gets its best, 40 MiB, and the other one nothing of 40 that are there. Then the other one is busier.
  const workload = [at([0, 9000], { stages }), { ...at(often), app: 'b', stages: [{ model: 'other' }] }];
  const all: Repository = { models: [...repository().models, { model: 'other', versions: versions(30) }], link };
  const { measured } = await replicate({ alternative: system({ workload, sites: models, repository: all, storageMiB: [40], place: { policy: 'modi', every_s: 2 } }), replication: 0, warmUpMs: 0 });
  expect(measured!.apps[1].answered).toBe(100);
  expect(measured!.apps[0].answered).toBe(2);
});
