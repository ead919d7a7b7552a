import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 1 } } });
const workload = [at([0]), { ...at([0]), app: 'b' }];
const place = 'one-task-per-accelerator';
const refusal = async (setup: ReturnType<typeof alternative>): Promise<string | undefined> => (await replicate({ alternative: setup, replication: 0, warmUpMs: 0 })).refused;

it('gives each app and each job an accelerator of its own', async () => {
  const { spans } = await record(alternative({ workload, sites: [profile, profile, profile, profile], retraining: 't', durationS: 0.1, place }));
  const where = new Map(spans.map((s) => [s.track, s.accelerator]));
  expect(where).toEqual(new Map([['a #1', 'edge/gpu0'], ['b #1', 'edge/gpu1'], ['retrain t', 'edge/gpu2']]));
});

it('refuses where there are too few, and says how many are needed', async () => {
  expect(await refusal(alternative({ workload, sites: [profile, profile], retraining: 't', place }))).toBe(
    '2 apps and 1 retraining jobs need 3 accelerators, there are 2: set: { sites.0.accelerators.0.count: 3 }',
  );
});

it.each([undefined, { name: 'gpu', memory_mib: 10_000 }])('passes over an accelerator that does not know the model (%j)', async (accelerator) => {
  const other = { name: 'other', models: { n: { solo_ms: 1 } }, accelerator };
  const { spans } = await record(alternative({ workload: [at([0])], sites: [other, profile], place }));
  expect(spans.map((s) => s.accelerator)).toEqual(['edge/gpu1']);
  expect(await refusal(alternative({ workload, sites: [other, profile], place }))).toContain('no free accelerator knows the model of app b');
  expect(await refusal(alternative({ workload: [at([0])], sites: [profile, other], retraining: 't', place }))).toContain('no free accelerator knows the retraining model');
});

it('takes the variants of one model for one task', async () => {
  const models = { large: { solo_ms: 9, accuracy: 0.9 }, small: { solo_ms: 1, accuracy: 0.5 } };
  const both = { name: 'gpu', models, accelerator: { name: 'gpu', memory_mib: 100 } };
  const stages = [{ model: 'large', variants: [{ model: 'large' }, { model: 'small' }] }];
  const apps = ['a', 'b'].map((app) => ({ ...at([[0, 100], [1000, 2]]), app, stages }));
  const { spans } = await record(alternative({ workload: apps, sites: [both, both], place, select: { policy: 'mdinference', times: 'profile' } }));
  expect(spans.map(({ accelerator, track }) => `${accelerator} ${track}`).sort()).toEqual(['edge/gpu0 a large #1', 'edge/gpu0 a small #1', 'edge/gpu1 b large #1', 'edge/gpu1 b small #1']);
});
