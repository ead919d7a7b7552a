import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicate, type Task } from '../../src/experiment/replication.js';
import { scenario } from './arbitrary.js';

const record = { rows: 100_000, spans: 100_000 };

it('the same task gives the same result, whatever ran before it in the process', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, scenario, fc.integer({ min: 0, max: 3 }), async (alternative, other, replication) => {
      const task: Task = { alternative, replication, warmUpMs: 0, series: true, record };
      const first = await replicate(task);
      await replicate({ alternative: other, replication: 5, warmUpMs: 0 });
      const [second, , third] = await Promise.all([replicate(structuredClone(task)), replicate({ alternative: other, replication, warmUpMs: 0 }), replicate(task)]);
      expect(second).toEqual(first);
      expect(third).toEqual(first);
    }),
    { numRuns: 50 },
  );
});

it('looking on changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (alternative) => {
      const watched = await replicate({ alternative, replication: 0, warmUpMs: 0, series: true, record: { rows: 3, spans: 3 } });
      const alone = await replicate({ alternative, replication: 0, warmUpMs: 0 });
      expect(watched.measured).toEqual(alone.measured);
      expect(watched.refused).toEqual(alone.refused);
    }),
    { numRuns: 50 },
  );
});

it('another replication or seed draws otherwise', async () => {
  const open = scenario.filter(({ scenario: { workload } }) => workload.some(({ arrivals }) => arrivals?.process === 'poisson'));
  await fc.assert(
    fc.asyncProperty(open, async (alternative) => {
      const births = async (replication: number, seed = alternative.scenario.seed): Promise<number[] | undefined> => {
        const changed = { ...alternative, scenario: { ...alternative.scenario, seed, duration_s: undefined } };
        const { record: recorded } = await replicate({ alternative: changed, replication, warmUpMs: 0, record });
        return recorded?.requests.map((r) => r.born_ms);
      };
      const first = await births(0);
      if (first === undefined) return;
      expect(await births(1)).not.toEqual(first);
      expect(await births(0, 'another')).not.toEqual(first);
    }),
    { numRuns: 50 },
  );
});
