import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, bornAt, record } from '../../simulator/closed-forms/by-hand.js';

it('starts every request at once: on an idle worker, else in a new process', async () => {
  const run = await record(alternative({ workload: [at([0, 1, 100])], sites: profileOf({ solo_ms: 10, load_ms: 30 }), dispatch: 'unlimited' }));
  expect([0, 1, 100].map((born) => answerOf(run, born))).toEqual([10, 41, 110]);
});

it('loads until the memory is exhausted; who does not fit is tried once more, then fails', async () => {
  const profile = profileOf({ solo_ms: 100, load_ms: 10, memory_mib: 1000 }, { accelerator: { name: 'small', memory_mib: 2500 } });
  const setup = alternative({ workload: [at([0, 1, 2])], sites: profile, dispatch: 'unlimited' });
  const run = await record(setup);
  expect([0, 1, 2].map((born) => bornAt(run, born).outcome)).toEqual(['answered', 'answered', 'failed']);
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  expect(measured!.outOfMemory).toBe(2);
});

it('loads on the accelerator with the fewest in flight, of those that know the model', async () => {
  const knows = profileOf({ solo_ms: 50, load_ms: 10 });
  const even = await record(alternative({ workload: [at([0, 1, 2, 3, 4, 5])], sites: [knows, knows], dispatch: 'unlimited' }));
  const count = (name: string) => even.spans.filter((s) => s.accelerator === name && s.kind === 'inference').length;
  expect([count('edge/gpu0'), count('edge/gpu1')]).toEqual([3, 3]);

  const other = { name: 'other', models: { n: { solo_ms: 10 } } };
  const workload = [at([0, 1, 2]), { ...at([3]), app: 'b', stages: [{ model: 'n' }] }];
  const mixed = await record(alternative({ workload, sites: [other, knows], dispatch: 'unlimited', place: 'one-task-per-accelerator' }));
  expect(mixed.requests.map((r) => r.outcome)).toEqual(Array.from({ length: 4 }, () => 'answered'));
  expect(new Set(mixed.spans.filter((s) => s.track.startsWith('a ')).map((s) => s.accelerator))).toEqual(new Set(['edge/gpu1']));
});
