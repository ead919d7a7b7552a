import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf, type Setup } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const run = (setup: Partial<Setup> & Pick<Setup, 'sites'>) => alternative({ workload: [at([0, 0, 0, 0])], ...setup });
const workersIn = async (setup: ReturnType<typeof alternative>): Promise<number> => {
  const { spans } = await record(setup);
  return new Set(spans.filter((s) => s.kind === 'inference').map((s) => `${s.accelerator} ${s.track}`)).size;
};
const refusal = async (setup: ReturnType<typeof alternative>): Promise<string | undefined> => (await replicate({ alternative: setup, replication: 0, warmUpMs: 0 })).refused;

it('loads as many workers as the dispatch policy runs at once', async () => {
  expect(await workersIn(run({ sites: profileOf({ solo_ms: 10 }), dispatch: { policy: 'fcfs', k: 3 } }))).toBe(3);
});

it('loads the copies that it is told to, on each accelerator', async () => {
  const profile = profileOf({ solo_ms: 10 });
  expect(await workersIn(run({ sites: [profile, profile], dispatch: { policy: 'fcfs', k: 9 }, place: { policy: 'all-on-one', copies: 1 } }))).toBe(2);
  expect(await workersIn(run({ sites: profile, dispatch: { policy: 'fcfs', k: 9 }, place: { policy: 'all-on-one', copies: 2 } }))).toBe(2);
});

it('loads copies by app, one of an app that is not named, and refuses a name that no app has', async () => {
  const profile = profileOf({ solo_ms: 10 });
  const workload = [at([0, 0, 0, 0]), { ...at([0, 0, 0, 0]), app: 'b' }];
  const copies = (by: object) => run({ sites: profile, workload, dispatch: { policy: 'fcfs', k: 9 }, place: { policy: 'all-on-one', copies: by } });
  expect(await workersIn(copies({ b: 3 }))).toBe(4);
  expect(await workersIn(copies({ a: 2, b: 3 }))).toBe(5);
  expect(await refusal(copies({ c: 2 }))).toBe('copies names c, and no app is called so; there are a, b');
});

it('loads further workers in turn while the memory lasts, after the retraining job', async () => {
  const profile = profileOf({ solo_ms: 10, memory_mib: 1000 }, { accelerator: { name: 'gpu', memory_mib: 4000 }, training: { t: { batch: 16, epoch_s: 1, memory_mib: 1500 } } });
  expect(await workersIn(run({ sites: profile, dispatch: { policy: 'fcfs', k: 9 } }))).toBe(4);
  expect(await workersIn(run({ sites: profile, dispatch: { policy: 'fcfs', k: 9 }, retraining: 't' }))).toBe(2);
});

it('refuses where one worker of each app, or the job, does not fit, and says what to do', async () => {
  const gpu = { name: 'gpu', memory_mib: 1500 };
  const small = profileOf({ solo_ms: 10, memory_mib: 1000 }, { accelerator: gpu, training: { t: { batch: 16, epoch_s: 1, memory_mib: 2000 } } });
  const two = [at([0]), { ...at([0]), app: 'b' }];
  expect(await refusal(run({ sites: small, workload: two }))).toBe('app b needs 1000 MiB on edge/gpu0, 500 MiB are free: use fewer apps, or one-task-per-accelerator');
  expect(await refusal(run({ sites: small, retraining: 't' }))).toContain('retraining needs 2000 MiB on edge/gpu0, 1500 MiB are free');
});

it.each([undefined, { name: 'gpu', memory_mib: 10_000 }])('refuses an accelerator that does not know an app’s model (%j)', async (accelerator) => {
  const other = { name: 'other', models: { n: { solo_ms: 1 } }, accelerator };
  expect(await refusal(run({ sites: [profileOf({ solo_ms: 10 }), other] }))).toBe('the profile of edge/gpu1 does not know the model of app a');
});

it('puts the job on the first accelerator that knows it', async () => {
  const knows = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 1 } } });
  const { spans } = await record(run({ sites: [profileOf({ solo_ms: 10 }), knows], retraining: 't', durationS: 1 }));
  expect(spans.filter((s) => s.kind === 'training').map((s) => s.accelerator)).toEqual(['edge/gpu1']);
});

describe('with variants', () => {
  const models = { large: { solo_ms: 9, memory_mib: 900, accuracy: 0.9 }, middle: { solo_ms: 5, memory_mib: 500, accuracy: 0.7 }, small: { solo_ms: 1, memory_mib: 100, accuracy: 0.5 } };
  const stages = [{ model: 'large', variants: [{ model: 'large' }, { model: 'middle' }, { model: 'small' }] }];
  const chosen = async (memory_mib: number) => {
    const sites = { name: 'gpu', models, accelerator: { name: 'gpu', memory_mib } };
    const { spans } = await record(alternative({ workload: [at([[0, 100], [1000, 6], [2000, 2]], { stages })], sites, select: { policy: 'mdinference', times: 'profile' } }));
    return spans.map(({ track }) => track);
  };

  it('loads a worker for each, and leaves out what does not fit beside the first', async () => {
    expect(await chosen(1500)).toEqual(['a large #1', 'a middle #1', 'a small #1']);
    expect(await chosen(1000)).toEqual(['a large #1', 'a small #1', 'a small #1']);
    expect(await chosen(900)).toEqual(['a large #1', 'a large #1', 'a large #1']);
  });

  it('refuses where the first does not fit', async () => {
    await expect(chosen(800)).rejects.toThrow('app a needs 900 MiB on edge/gpu0, 800 MiB are free');
  });
});
