import { expect, it } from 'vitest';
import { pathToFileURL } from 'node:url';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { alternative, poisson, profileOf } from '../simulator/alternative.js';
import { directoryOf } from '../scenario/files.js';
import { builtComparison } from './built.js';

it('one and two threads print the same bytes', async () => {
  const { compare, openPool } = await builtComparison();
  const alternatives = await resolveAlternatives(await loadScenario('test/scenarios/bytes.yaml', ['duration_s=5']));
  const bytes = async (threads: number): Promise<string> => {
    const pool = openPool(threads);
    try {
      const result = await compare(alternatives, { scenario: 'bytes.yaml', pool, detail: { rows: 500, spans: 500 } });
      expect(pool.threads).toBe(threads);
      expect(result.comparison.replications).toBe(6);
      return JSON.stringify(result);
    } finally {
      await pool.close();
    }
  };
  const one = await bytes(1);
  expect(await bytes(2)).toBe(one);
  expect(await bytes(1)).toBe(one);
});

it.each([1, 2])('a mistake in a policy of one’s own arrives as the user’s mistake, from %i threads', async (threads) => {
  const { compare, openPool } = await builtComparison();
  const mine = `export default { name: 'mine', about: 'a', source: 's', decision: 'dispatch', options: { type: 'object' },
  create: () => ({ on() { throw new RangeError('no luck'); } }) };`;
  const module = pathToFileURL(`${directoryOf({ 'mine.mjs': mine })}/mine.mjs`).href;
  const setup = alternative({ workload: [poisson(10, 5)], sites: profileOf({ solo_ms: 1 }) });
  setup.policies.dispatch = { policy: 'mine', module, options: {} };
  const pool = openPool(threads);
  try {
    const error = await compare([setup], { scenario: 'mine.yaml', pool }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/mine\.mjs:2: the dispatch policy mine threw RangeError: no luck$/) });
  } finally {
    await pool.close();
  }
});
