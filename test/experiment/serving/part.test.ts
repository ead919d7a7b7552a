import { expect, it } from 'vitest';
import { partAt } from '../../../src/experiment/serving/part.js';
import { systemOf } from '../../../src/experiment/assemble.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { resolveAlternatives } from '../../../src/scenario/resolve.js';
import { alternative } from '../../simulator/alternative.js';

const modi = async () => (await resolveAlternatives(await loadScenario('scenarios/systems/modi.yaml', [])))[0];

it('an edge of MODI is its accelerator, its storage and the models that it may run', async () => {
  const part = partAt(await modi(), 'edge');
  const system = systemOf(part);
  expect(system.sites).toEqual([{ name: 'edge' }]);
  expect(system.accelerators.map(({ name, site }) => [name.split('/')[0], site])).toEqual([['edge', 0]]);
  expect(system.apps[0].stages[0].variants!.map(({ model }) => model)).toEqual(['inception_v3', 'mobilenet_v1_1.0_224']);
  expect(system.repository!.capacityMiB).toEqual([120]);
  expect(part.policies.route.policy).toBe('fixed');
  expect(part.policies.select.policy).toBe('modi');
});

it('a variant that is kept to another site, or that no accelerator here knows, is not there', async () => {
  const system = systemOf(partAt(await modi(), 'phone'));
  expect(system.apps[0].stages[0].variants!.map(({ model }) => model)).toEqual(['inception_v3']);
});

const two = (stages: { model: string; site?: string }[]) =>
  alternative({ workload: [{ app: 'a', stages, arrivals: { process: 'even', rate_rps: 1 } }], sites: { one: [{ name: 'p', models: { x: { solo_ms: 1 } } }], two: [{ name: 'q', models: { y: { solo_ms: 1 } } }], idle: [{ name: 'r', models: { z: { solo_ms: 1 } } }] }, durationS: 1 });

it('refuses an app whose stages are at different sites, and a site that answers nothing', () => {
  expect(() => partAt(two([{ model: 'x' }, { model: 'y' }]), 'one')).toThrow(/app a runs some of its stages at site one and others elsewhere/);
  expect(() => partAt(two([{ model: 'x' }]), 'two')).toThrow(/site two answers no app/);
  expect(() => partAt(two([{ model: 'x' }]), 'tow')).toThrow(/--site tow: the scenario has no such site.*two/);
});
