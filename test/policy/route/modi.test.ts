import { expect, it } from 'vitest';
import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, type Choice, type Setup } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const phone: NamedProfile = { name: 'phone', models: { m: { solo_ms: 500, load_ms: 800, accuracy: 0.7 } } };
const edge: NamedProfile = { name: 'edge', models: { m: { solo_ms: 200, accuracy: 0.7 }, better: { solo_ms: 300, accuracy: 0.8 } } };
const stages = [{ model: 'm', variants: [{ model: 'm' }, { model: 'better', site: 'edge' }] }];

/** Where each request was answered, one every five seconds; the edge is 100 ms away. */
async function sites(births: readonly (readonly [number, number])[], route: Choice, more: Partial<Setup> = {}): Promise<string[]> {
  const run = await record(
    alternative({ workload: [at(births, { stages })], sites: { phone: [phone], edge: [edge] }, siteNetworks: [undefined, { up: { fixed_ms: 100 } }], route, select: 'modi', durationS: 200, ...more }),
  );
  return [...run.spans].filter((s) => s.kind === 'inference').sort((a, b) => a.start_ms - b.start_ms).map((s) => `${s.accelerator.split('/')[0]} ${s.end_ms - s.start_ms}`);
}

it('takes the most accurate answer in time, of equals the sooner; if none is in time, the soonest', async () => {
  // Before the first report the edge seems to be at no distance. Then: better takes 400, m there 300, here 500.
  expect(await sites([[0, 1000], [5000, 600], [10_000, 300], [15_000, 250]], 'modi')).toEqual(['edge 300', 'edge 300', 'edge 200', 'edge 200']);
});

it('stays on the phone where the network is slower than the phone, unless the battery forbids it', async () => {
  const slow = { siteNetworks: [undefined, { up: { fixed_ms: 700 } }] };
  const births: [number, number][] = [[0, 900], [5000, 900]];
  expect(await sites(births, 'modi', slow)).toEqual(['edge 200', 'phone 500']);
  expect(await sites(births, { policy: 'modi', power_allowed: false }, slow)).toEqual(['edge 200', 'edge 200']);
});

it('looks at the network again after so many requests on the phone', async () => {
  const slow = { siteNetworks: [undefined, { up: { fixed_ms: 700 } }] };
  const births = Array.from({ length: 7 }, (_, i): [number, number] => [5000 * i, 900]);
  const where = (await sites(births, { policy: 'modi', probe_every: 3 }, slow)).map((s) => s.split(' ')[0]);
  expect(where).toEqual(['edge', 'phone', 'phone', 'edge', 'phone', 'phone', 'edge']);
  expect((await sites(births, { policy: 'modi', probe_every: 0 }, slow)).filter((s) => s.startsWith('edge'))).toHaveLength(1);
});

it('counts the load of a model that is cold on the phone', async () => {
  // One process for two apps on the phone: after b was there a is cold, 800 + 500, and the edge at 600 ms is sooner.
  const b = { ...at([[5000, 5000]]), app: 'b', stages: [{ model: 'n', site: 'phone' }] };
  const withN: NamedProfile = { ...phone, models: { ...phone.models, n: { solo_ms: 50, load_ms: 100 } } };
  const more: Partial<Setup> = { sites: { phone: [withN], edge: [edge] }, place: { policy: 'on-demand', processes: 2 }, siteNetworks: [undefined, { up: { fixed_ms: 600 } }] };
  const a = at([[0, 850], [10_000, 850]], { stages });
  const one: Partial<Setup> = { ...more, place: { policy: 'on-demand', processes: 1 } };
  expect(await sites([], 'modi', { ...more, workload: [a, b] })).toEqual(['edge 200', 'phone 50', 'phone 500']);
  expect(await sites([], 'modi', { ...one, workload: [a, b] })).toEqual(['edge 200', 'phone 50', 'edge 200']);
});

it('goes elsewhere when the edge is lost', async () => {
  const faults: Setup['faults'] = [{ kind: 'lose site', site: 'edge', when: { atMs: 1000 } }];
  expect(await sites([[0, 1000], [5000, 1000]], 'modi', { faults })).toEqual(['edge 300', 'phone 500']);
});
