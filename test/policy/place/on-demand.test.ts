import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, type Setup } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

const models = { m: { solo_ms: 10, load_ms: 100, memory_mib: 1000 }, n: { solo_ms: 10, load_ms: 50, memory_mib: 1000 }, o: { solo_ms: 10, load_ms: 50, memory_mib: 2000 } };
const profile = (memory_mib: number): NamedProfile => ({ name: 'synthetic', models, accelerator: { name: 'gpu', memory_mib }, training: { t: { batch: 16, epoch_s: 10, memory_mib: 1500 } } });
const app = (name: string, births: number[]) => ({ ...at(births), app: name, stages: [{ model: name }] });
const run = (setup: Partial<Setup> & Pick<Setup, 'workload'>, processes?: number) =>
  alternative({ sites: profile(10_000), dispatch: { policy: 'fcfs', k: 4 }, place: processes === undefined ? 'on-demand' : { policy: 'on-demand', processes }, ...setup });

it('one process serves two apps, and each change costs the load time', async () => {
  const result = await record(run({ workload: [app('m', [0, 30]), app('n', [20])] }, 1));
  expect(answerOf(result, 0)).toBe(10);
  // n is loaded from 20 to 70, and serves its own request before it makes room for the later one.
  expect(answerOf(result, 20)).toBe(80);
  expect(answerOf(result, 30)).toBe(190);
});

it('what comes first is served first, though the other model is loaded', async () => {
  // At 10 the process is free: the request for n came before the one for m, whose model is there.
  const result = await record(run({ workload: [app('m', [0, 2]), app('n', [1])] }, 1));
  expect([answerOf(result, 0), answerOf(result, 1), answerOf(result, 2)]).toEqual([10, 70, 180]);
});

it('the process that has rested longest goes', async () => {
  // m and n are loaded; n works later than m, so o takes the place of m: a request for n finds it loaded, one for m does not.
  const result = await record(run({ workload: [app('m', [0, 300]), app('n', [20, 200]), app('o', [100])] }, 2));
  expect(answerOf(result, 100)).toBe(160);
  expect(answerOf(result, 200)).toBe(210);
  expect(answerOf(result, 300)).toBe(410);
});

it('as many go as the memory needs', async () => {
  const { spans, ...result } = await record(run({ workload: [app('m', [0]), app('n', [0]), app('o', [100, 300])], sites: profile(2500) }));
  expect(result.requests.map((r) => r.answered_ms).sort((a, b) => a - b)).toEqual([10, 10, 160, 310]);
  expect(spans.filter((s) => s.kind === 'loading')).toHaveLength(1);
});

it('as many processes as the dispatch policy runs at once, beside the retraining job', async () => {
  const workload = [app('m', [0, 0]), app('n', [0, 0])];
  const { measured } = await replicate({ alternative: run({ workload, dispatch: { policy: 'corun' }, retraining: 't', durationS: 1 }), replication: 0, warmUpMs: 0 });
  expect(measured!.apps.map(({ answered }) => answered)).toEqual([2, 2]);
  expect(measured!.outOfMemory).toBe(0);
});

it('refuses what could never be loaded', async () => {
  const { refused } = await replicate({ alternative: run({ workload: [app('o', [0])], sites: profile(3000), retraining: 't', durationS: 1 }), replication: 0, warmUpMs: 0 });
  expect(refused).toBe('app o has no accelerator at its site that knows its model and has the memory for it beside the retraining job');
});

it('after a death nothing is loaded for a second, then what is asked for', async () => {
  const faults: Setup['faults'] = [{ kind: 'kill worker', when: { atMs: 50 } }];
  const result = await record(run({ workload: [app('m', [0, 60])], faults }, 1));
  expect(answerOf(result, 60)).toBe(1050 + 100 + 10);
});

it('goes on with what is left of two accelerators, and with both when the lost one is back', async () => {
  const faults: Setup['faults'] = [{ kind: 'lose accelerator', accelerator: 'edge/gpu0', when: { atMs: 50 }, lasts: { forMs: 1000 } }];
  const result = await record(run({ workload: [app('m', [0, 100]), app('n', [200, 2000])], sites: [profile(1000), profile(1000)], faults }));
  // gpu1 has m as well; n was nowhere, and takes its place.
  expect(answerOf(result, 100)).toBe(110);
  expect(answerOf(result, 200)).toBe(260);
  expect(answerOf(result, 2000)).toBe(2010);
});
