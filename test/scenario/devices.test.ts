import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { directoryOf } from './files.js';

const scenarioWith = (phone: string, network = '', more = ''): string => `schema: corun/scenario@1
workload: [{ app: camera, model: a, arrivals: { process: poisson, rate_rps: 10, requests: 9 } }]
network: { ${network} }
sites:
  - { name: edge, accelerators: [{ profile: { models: { a: { solo_ms: 1 } }, training: { a: { batch: 16, epoch_s: 9 } } } }] }
  - { name: phone, ${phone} }
${more}`;
const alike = 'device: true, accelerators: [{ profile: { models: { a: { solo_ms: 9 } } } }]';

async function told(text: string): Promise<string> {
  return resolveAlternatives(await loadScenario(`${directoryOf({ 's.yaml': text })}/s.yaml`)).then(
    () => 'no error',
    (error: Error) => error.message.replaceAll(/\S*\/s\.yaml/g, 's.yaml'),
  );
}

it('a device is told apart from a server, and a network may be symmetric', async () => {
  const [{ scenario }] = await resolveAlternatives(await loadScenario(`${directoryOf({ 's.yaml': scenarioWith(alike, 'up: { fixed_ms: 5 }, symmetric: true') })}/s.yaml`));
  expect(scenario.sites.map(({ name, device }) => [name, device])).toEqual([['edge', undefined], ['phone', true]]);
  expect(scenario.network).toEqual({ up: { fixed_ms: 5 }, symmetric: true });
});

it.each([
  [alike.replace('[{ profile', '[{ count: 2, profile'), '', '', 's.yaml:6:48: sites.1.accelerators: a device has one accelerator, which says what each of the phones is like; every request has a phone of its own'],
  [`${alike}, network: { up: { fixed_ms: 5 } }`, '', '', 'sites.1.network: no network leads to a phone’s own requests; leave it out'],
  [alike, '', 'retraining: { model: a, site: phone }', 'retraining.site: nothing is retrained on the phones of the clients; name another site'],
  [alike, 'symmetric: true', '', 'network.symmetric: a symmetric network is its up in both directions; add up'],
  [alike, 'up: { fixed_ms: 5 }, down: { fixed_ms: 5 }, symmetric: true', '', 'network.symmetric: a symmetric network is its up in both directions; leave out down'],
  [alike, '', 'measure: { primary: duplicated_share }', 'measure.primary: this scenario cannot produce duplicated_share: no alternative duplicates requests; choose route: duplicate'],
  ['accelerators: [{ profile: { models: { a: { solo_ms: 9 } } } }]', '', 'measure: { primary: on_device_share }', 'this scenario cannot produce on_device_share: no site is a device; add sites: [{ name: phone, device: true, accelerators: … }]'],
])('%s; %s; %s is told', async (phone, network, more, sentence) => {
  expect(await told(scenarioWith(phone, network, more))).toContain(sentence);
});

it('a scenario of devices alone has nobody to ask', async () => {
  expect(await told(scenarioWith(alike).replace('name: edge,', 'name: edge, device: true,'))).toContain('sites: every site is a device; at least one with a server is needed');
});
