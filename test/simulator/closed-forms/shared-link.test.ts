import { describe, it } from 'vitest';
import type { Link, Workload } from '../../../src/scenario/scenario.js';
import { fileOf } from '../../trace/network/files.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

const load = 0.7;

/** Two apps in one cell, each with half the load of an uplink that takes 1 ms for a packet, or has one opportunity per ms. */
const cell = (up: Link) => {
  const half = (app: string): Workload => ({ ...poisson(500 * load, 75_000, app), cell: 'x', upload_bytes: 1500 });
  return alternative({ workload: [half('a'), half('b')], sites: profileOf({ solo_ms: 0 }), network: { up } });
};

describe('a link that a cell shares', () => {
  it('with a rate is an M/D/1 queue: 1 + ρ / (2 (1 − ρ)) ms', async () => {
    const runs = await measure(cell({ rate_mbps: 12 }), 10, 1_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), 1 + load / (2 * (1 - load)), 0.012);
  });

  it('with one recorded opportunity per ms is a slotted queue: ½ + ρ / (2 (1 − ρ)) ms', async () => {
    // The number Q after an opportunity is max(0, Q + A − 1), A Poisson with mean ρ, so E[Q] = ρ² / (2 (1 − ρ)); ρ/2 come on average until half way to the next one; Little's law.
    const runs = await measure(cell({ trace: fileOf('steady.up', '1\n') }), 10, 1_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), 0.5 + load / (2 * (1 - load)), 0.012);
  });
});
