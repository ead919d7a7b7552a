import { expect, it } from 'vitest';
import { compare } from '../../src/experiment/compare.js';
import { openPool } from '../../src/experiment/pool.js';
import type { AlternativeResult } from '../../src/experiment/result.js';
import type { Workload } from '../../src/scenario/scenario.js';
import { resolve } from 'node:path';
import { directoryOf } from '../scenario/files.js';
import { alternative, poisson, profileOf } from '../simulator/alternative.js';

async function judged(workload: Workload, durationS?: number, measure = {}): Promise<AlternativeResult> {
  const setup = alternative({
    workload: [workload],
    sites: profileOf({ solo_ms: 10, spread: { distribution: 'exponential' } }),
    durationS,
    measure: { replications: { min: 20, max: 20, relative_half_width: 0.02 }, ...measure },
  });
  return (await compare([setup], { scenario: 'test.yaml', pool: openPool(1) })).comparison.alternatives[0];
}

it('M/M/1 at load 0.5 is stable', async () => {
  const { verdict, backlog_slope_rps } = await judged(poisson(50), 60);
  expect(verdict).toBe('stable');
  expect(Math.abs(backlog_slope_rps!.mean)).toBeLessThan(0.5);
});

it('M/M/1 at load 1.3 is overloaded, and its backlog grows as fast as theory says', async () => {
  const { verdict, backlog_slope_rps } = await judged(poisson(130), 60);
  expect(verdict).toBe('overloaded');
  // λ − μ = 30 requests per second.
  expect(backlog_slope_rps!.mean).toBeGreaterThan(27);
  expect(backlog_slope_rps!.mean).toBeLessThan(33);
});

/** Requests at these moments, in seconds, from a file. */
function burst(times: number[], slo_ms?: number): Workload {
  const directory = directoryOf({ 'burst.csv': ['time_ms,app', ...times.map((s) => `${Math.round(1000 * s)},a`)].join('\n') + '\n' });
  return { app: 'a', stages: [{ model: 'm' }], ...(slo_ms === undefined ? {} : { slo_ms }), trace: { format: 'corun-csv', file: resolve(directory, 'burst.csv') } };
}

const quiet = Array.from({ length: 100 }, (_, i) => i / 2);

it('a burst at the end of a trace that takes longer to clear than the SLO leaves it backlogged, not overloaded', async () => {
  const late = [...quiet, ...Array.from({ length: 100 }, (_, i) => 49.6 + i / 1000)];
  expect((await judged(burst(late, 200))).verdict).toBe('backlogged');
  // Without an SLO, a backlog of a second is nothing.
  expect((await judged(burst(late))).verdict).toBe('stable');
});

it('a burst in the middle that is worked off is stable', async () => {
  const middle = [...quiet, ...Array.from({ length: 100 }, (_, i) => 25.1 + i / 1000)].sort((a, b) => a - b);
  expect((await judged(burst(middle, 200))).verdict).toBe('stable');
});

it('requests that were never answered leave it backlogged', async () => {
  const late = [...quiet, ...Array.from({ length: 100 }, (_, i) => 49.6 + i / 1000)];
  expect((await judged(burst(late), undefined, { drain_s: 0.1 })).verdict).toBe('backlogged');
});
