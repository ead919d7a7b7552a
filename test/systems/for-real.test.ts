import { expect, it } from 'vitest';
import { Outcome } from '../../src/control/driver.js';
import { openServing } from '../../src/experiment/serving/open.js';
import { partAt } from '../../src/experiment/serving/part.js';
import { systems } from '../../src/policy/systems.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { built } from '../experiment/built.js';

/** Where each system that says that it runs in the executor is served from; phones decide their part in test/cli/phone.test.ts. */
const all = 'scenarios/systems/all.yaml';
const served: Record<string, { file: string; alternative: RegExp; site?: string }> = {
  corun: { file: all, alternative: /^corun/i },
  ekya: { file: all, alternative: /^ekya/i },
  igniter: { file: all, alternative: /^igniter/i },
  gslice: { file: all, alternative: /^gslice/i },
  orion: { file: all, alternative: /^orion/i },
  'd-stack': { file: all, alternative: /^d-stack/i },
  mdinference: { file: 'scenarios/systems/mdinference.yaml', alternative: /^mdinference$/, site: 'edge' },
  modi: { file: 'scenarios/systems/modi.yaml', alternative: /^modi$/, site: 'edge' },
};

it.each(Object.values(systems).filter(({ runs }) => runs.includes('executor')).map(({ name }) => name))('%s decides on real processes, which answer', async (name) => {
  built('executor/worker/main.js');
  const { file, alternative, site } = served[name];
  const found = (await resolveAlternatives(await loadScenario(file, []))).find((one) => alternative.test(one.name))!;
  // With one, MODI's edge is tested in test/executor/repository.
  delete found.scenario.repository;
  const executor = await openServing(site === undefined ? found : partAt(found, site), { backend: 'fake', models: {} });
  try {
    await executor.begin();
    const outcomes = await Promise.all(
      executor.control.system.apps.map((_, app) => new Promise((ended) => executor.submit(app, new Uint8Array(8 * 8 * 3), Infinity, (outcome) => ended(outcome)))),
    );
    expect(outcomes).toEqual(outcomes.map(() => Outcome.answered));
  } finally {
    await executor.stop(0);
  }
}, 60_000);
