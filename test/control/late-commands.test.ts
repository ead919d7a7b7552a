import { afterEach, expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import { policies } from '../../src/policy/policies.js';
import { alternative, poisson, profileOf, type Setup } from '../simulator/alternative.js';

const setup: Setup = {
  workload: [poisson(20)],
  sites: profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 1 } } }),
  retraining: 't',
  durationS: 10,
};
const names = Object.keys(policies.retrain);
afterEach(() => {
  for (const name of names) delete policies.retrain[name].costMs;
});

const run = async (retrain: string, costMs?: number) => {
  if (costMs !== undefined) policies.retrain[retrain].costMs = () => costMs;
  const { measured, refused } = await replicate({ alternative: alternative({ ...setup, retrain }), replication: 0, warmUpMs: 0 });
  delete policies.retrain[retrain].costMs;
  expect(refused).toBeUndefined();
  return measured!;
};

it.each(names)('%s: a decision that costs nothing changes nothing', async (name) => {
  expect(await run(name, 0)).toEqual(await run(name));
});

it('commands take effect when the decision is ready', async () => {
  const epochs = async (costMs?: number): Promise<number> => (await run('continuous', costMs)).epochs[0];
  expect(await epochs()).toBeCloseTo(10, 9);
  expect(await epochs(2500)).toBeCloseTo(7.5, 9);
  expect(await epochs(20_000)).toBe(0);
});

it('one decision is made after the other', async () => {
  // Asked whenever a request comes or all are gone, a scheduler that takes half a second falls behind further and further.
  const slow = await run('when-idle', 500);
  expect(slow).not.toEqual(await run('when-idle'));
});

it('a cost that is no time is told', async () => {
  policies.retrain.continuous.costMs = () => NaN;
  await expect(replicate({ alternative: alternative({ ...setup, retrain: 'continuous' }), replication: 0, warmUpMs: 0 })).rejects.toThrow('continuous returned NaN from costMs(); it must return how long its decision takes');
});
