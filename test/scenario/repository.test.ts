import { expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { directoryOf } from './files.js';

const profile = JSON.stringify({ name: 'toy', models: { m: { solo_ms: 5 }, n: { solo_ms: 5 } } });
const head = `schema: corun/scenario@1
workload: [ { app: a, model: m, arrivals: { process: poisson, rate_rps: 1, requests: 3 } } ]
`;
const sites = 'sites: [ { name: edge, storage_mib: 50, accelerators: [ { profile: toy.json } ] } ]\n';

async function resolved(text: string): Promise<Scenario> {
  return (await resolveAlternatives(await loadScenario(`${directoryOf({ 'toy.json': profile, 's.yaml': text })}/s.yaml`)))[0].scenario;
}

const told = (text: string): Promise<string> => resolved(text).then(() => 'no error', (error: unknown) => (error instanceof InputError ? error.message.replace(/^\S*?(s\.yaml\S*) /, '$1 ') : String(error)));

it('fills versions in from those before, and keeps link and storage', async () => {
  const scenario = await resolved(`${head}${sites}repository:
  models: [ { model: m, size_mib: 20, accuracy: 0.7, updates: [ { at_s: 10, accuracy: 0.8 }, { at_s: 20, size_mib: 30 } ] } ]
  link: { rate_mbps: 100 }
`);
  expect(scenario.repository).toEqual({
    models: [{ model: 'm', versions: [{ at_s: 0, size_mib: 20, accuracy: 0.7 }, { at_s: 10, size_mib: 20, accuracy: 0.8 }, { at_s: 20, size_mib: 30, accuracy: 0.8 }] }],
    link: { rate_mbps: 100 },
  });
  expect(scenario.sites[0].storage_mib).toBe(50);
});

it.each([
  [`${sites}repository: { models: [ { model: mm, size_mib: 20 } ] }\n`, 'no profile knows the model "mm"; did you mean m? (known: m, n)'],
  [`${sites}repository: { models: [ { model: m, size_mib: 20 }, { model: m, size_mib: 30 } ] }\n`, 'a second model m; its further versions belong under updates'],
  [`${sites}repository: { models: [ { model: m, size_mib: 20, updates: [ { at_s: 9 }, { at_s: 8 } ] } ] }\n`, 'comes out at 8 s, not after the version before it (9 s)'],
  [`${sites}repository: { models: [ { model: m, size_mib: 0 } ] }\n`, 'size_mib'],
  [sites, 'a storage holds models of a repository, and there is none; add repository: { models: … }, or remove storage_mib'],
  [`${sites.replace('storage_mib: 50, ', '')}faults: [ { at_s: 1, lose: manager } ]\n`, 'there is no manager without a repository; add repository: { models: … }'],
  [`${sites}repository: { models: [ { model: m, size_mib: 20 } ], link: {} }\n`, 'repository.link: at least one of'],
  [`${sites}repository: { models: [ { model: m, size_mib: 20 } ] }\nfaults: [ { at_s: 1, lose: manager, site: edge } ]\n`, '"lose manager" has no site'],
])('%s', async (rest, message) => {
  expect(await told(`${head}${rest}`)).toContain(message);
});
