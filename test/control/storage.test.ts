import { expect, it } from 'vitest';
import { metricsOf } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import { Event } from '../../src/policy/contract.js';
import type { NamedProfile, Repository } from '../../src/scenario/scenario.js';
import { alternative, type Setup } from '../simulator/alternative.js';
import { answerOf, at } from '../simulator/closed-forms/by-hand.js';
import { runWithPlacement, script } from './with-placement.js';

const all = Object.values(Event);
const M = 0;
const N = 1;
const profile: NamedProfile = { name: 'synthetic', models: { m: { solo_ms: 10, load_ms: 100, accuracy: 0.5 }, n: { solo_ms: 10, load_ms: 50, accuracy: 0.5 } } };
/** 10 MiB at 83.88608 Mbit/s take a second. */
const link = { rate_mbps: 83.88608, fixed_ms: 20 };
const repository: Repository = {
  models: [
    { model: 'm', versions: [{ at_s: 0, size_mib: 10, accuracy: 0.7 }, { at_s: 5, size_mib: 20, accuracy: 0.9 }] },
    { model: 'n', versions: [{ at_s: 0, size_mib: 10 }] },
  ],
  link,
};
const system = (setup: Partial<Setup> = {}) =>
  alternative({ workload: [at([0]), { ...at([1]), app: 'b', stages: [{ model: 'n' }] }], sites: profile, repository, storageMiB: [30], durationS: 12, dispatch: { policy: 'fcfs', k: 4 }, ...setup });

it('a pull takes size over rate and the delay of the link, and pulls of one site queue', async () => {
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    100: (view, out) => {
      expect([view.stored(0, M), view.stored(0, N), view.storageFreeMiB(0)]).toEqual([1, 0, 20]);
      out.pull(0, N);
      expect([view.pulling(0, N), view.storageFreeMiB(0)]).toEqual([1, 10]);
    },
    1200: (view, out) => {
      expect(view.stored(0, N)).toBe(1);
      out.load(N, 0);
    },
  });
  const run = await runWithPlacement(system(), on, { events: all });
  expect(told).toContainEqual({ event: Event.stored, subject: 0, nowMs: expect.closeTo(1120, 6) as number });
  // Pulled until 1120, loaded from 1200 to 1250.
  expect(answerOf(run, 1)).toBe(1260);
});

it('two pulls to one site take twice as long, to two sites not', async () => {
  const two = (sites: Setup['sites'], target: number) => {
    const { on, told } = script({
      0: (_view, out) => out.load(M, 0),
      100: (_view, out) => {
        if (target === 0) out.discard(0, M);
        out.pull(0, N);
        out.pull(target, M);
      },
    });
    return runWithPlacement(system({ sites, storageMiB: [30, 30], workload: [{ ...at([0]), stages: [{ model: 'm', site: 'edge' }] }, { ...at([1]), app: 'b', stages: [{ model: 'n', site: 'edge' }] }] }), on, { events: all }).then(() =>
      told.filter(({ event }) => event === Event.stored).map(({ nowMs }) => Math.round(nowMs)),
    );
  };
  expect(await two({ edge: [profile] }, 0)).toEqual([1120, 2120]);
  expect(await two({ edge: [profile], annex: [profile] }, 1)).toEqual([1120, 1120]);
});

it('a new version is told, lies beside the old one while it comes, and each answer has the accuracy of its worker’s version', async () => {
  const free: number[] = [];
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    5500: (view, out) => {
      expect([view.newest(M), view.sizeMiB(M)]).toEqual([2, 20]);
      out.pull(0, M);
      free.push(view.storageFreeMiB(0));
    },
    8000: (view, out) => {
      // The old one is gone from the storage, and still at work.
      expect([view.stored(0, M), view.storageFreeMiB(0), view.versionOf(view.workersOn(0)[0])]).toEqual([2, 10, 1]);
      out.load(M, 0);
      out.evict(view.workersOn(0)[0]);
    },
  });
  const run = await runWithPlacement(system({ workload: [at([0, 7900, 9000])] }), on, { events: all });
  expect(told).toContainEqual({ event: Event.published, subject: M, nowMs: 5000 });
  expect(told).toContainEqual({ event: Event.stored, subject: 0, nowMs: expect.closeTo(7520, 6) as number });
  expect(free).toEqual([0]);
  expect(run.measured.apps[0].accuracySum).toBeCloseTo(0.7 + 0.7 + 0.9, 12);
});

it('what is discarded cannot be loaded any more, and a worker that has it goes on', async () => {
  const { on } = script({
    0: (_view, out) => out.load(M, 0),
    100: (view, out) => {
      out.discard(0, M);
      expect([view.stored(0, M), view.storageFreeMiB(0)]).toEqual([0, 30]);
    },
    400: (_view, out) => expect(() => out.load(M, 0)).toThrow('the place policy loads lane 0, whose model m is not in the storage of edge'),
  });
  const faults: Setup['faults'] = [{ kind: 'kill worker', when: { atMs: 300 } }];
  const run = await runWithPlacement(system({ workload: [at([0, 200, 2000])], faults }), on, { events: all });
  expect(answerOf(run, 200)).toBe(210);
  // It died, and the supervisor has nothing to start.
  expect(run.requests.find((r) => r.born_ms === 2000)!.outcome).toBe('unfinished');
});

it('without its manager the repository gives nothing; what is there goes on, and a placement that runs at the manager is asked again later', async () => {
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    100: (_view, out) => out.pull(0, N),
    1000: (view, out) => {
      expect([view.stored(0, N), view.pulling(0, N), view.storageFreeMiB(0)]).toEqual([0, 0, 20]);
      out.pull(0, N);
    },
  });
  const faults: Setup['faults'] = [{ kind: 'lose manager', when: { atMs: 500 }, lasts: { forMs: 6000 } }];
  const run = await runWithPlacement(system({ workload: [at([0, 700])], faults }), on, { events: all });
  expect(answerOf(run, 700)).toBe(710);
  // Nothing from 500 to 6500; the version of 5 s is told when it is back, and what the timer wanted is done then.
  const between = told.filter(({ event, nowMs }) => event !== Event.arrived && event !== Event.free && nowMs >= 500);
  expect(between.map(({ event, nowMs }) => [event, Math.round(nowMs)])).toEqual([[Event.returned, 6500], [Event.published, 6500], [Event.stored, 7520]]);
});

it('a pull fails with its site, and its room is free again', async () => {
  const { on, told } = script({
    0: (_view, out) => out.load(M, 0),
    100: (_view, out) => out.pull(0, N),
    2000: (view) => expect([view.stored(0, M), view.stored(0, N), view.storageFreeMiB(0)]).toEqual([1, 0, 20]),
  });
  await runWithPlacement(system({ faults: [{ kind: 'lose site', when: { atMs: 500 }, lasts: { forMs: 100 } }] }), on, { events: all });
  expect(told).toContainEqual({ event: Event.pullFailed, subject: 0, nowMs: 500 });
});

it('a placement that does not pull puts what it loads into the storage at the start, and is refused where there is no room', async () => {
  const { measured } = await replicate({ alternative: system({ storageMiB: [20] }), replication: 0, warmUpMs: 0 });
  expect(measured!.apps.map(({ answered }) => answered)).toEqual([1, 1]);
  expect(metricsOf(measured!, system()).accuracy).toBeCloseTo((0.7 + 0.5) / 2, 12);
  const { refused } = await replicate({ alternative: system({ storageMiB: [15] }), replication: 0, warmUpMs: 0 });
  expect(refused).toBe('the storage of edge has 5 MiB left, and n needs 10 MiB: raise its storage_mib, or use a placement that pulls');
});

it('on-demand changes only to what lies in the storage', async () => {
  const three: NamedProfile = { ...profile, models: { ...profile.models, o: { solo_ms: 10 } } };
  const workload = ['m', 'n', 'o'].map((model, i) => ({ ...at([i * 1000]), app: model, stages: [{ model }] }));
  const models: Repository['models'] = [...repository.models, { model: 'o', versions: [{ at_s: 0, size_mib: 20 }] }];
  const { measured } = await replicate({ alternative: system({ workload, sites: three, repository: { models }, storageMiB: [25], place: { policy: 'on-demand', processes: 1 } }), replication: 0, warmUpMs: 0 });
  expect(measured!.apps.map(({ answered, unfinished }) => [answered, unfinished])).toEqual([[1, 0], [1, 0], [0, 1]]);
});

it.each<[string, Parameters<typeof script>[0][number], string]>([
  ['pulls twice', (_view, out) => (out.pull(0, N), out.pull(0, N)), 'pulls n to a site that is pulling it already'],
  ['pulls what is there', (_view, out) => out.pull(0, M), 'pulls m to a site that has its newest version'],
  ['discards what is not there', (_view, out) => out.discard(0, N), 'discards n at a site that does not have it'],
  ['pulls what no repository has', (_view, out) => out.pull(0, 7), 'names model 7, which is not in the repository'],
])('a placement that %s is stopped', async (_what, step, message) => {
  const { on } = script({ 0: (_view, out) => out.load(M, 0), 100: step });
  await expect(runWithPlacement(system(), on, { events: all })).rejects.toThrow(`the place policy ${message}`);
});
