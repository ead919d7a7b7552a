import { expect, it } from 'vitest';
import { contentionModels } from '../../src/contention/models.js';
import { InputError } from '../../src/input/error.js';
import { loadProfile, parseProfile } from '../../src/profile/load.js';

const base = {
  accelerator: { name: 'toy gpu', memory_mib: 8000, fixed_mib: 500 },
  models: { resnet50: { solo_ms: 10, batches: { size: [1, 4], mean_ms: [10, 25] } }, vgg16: { solo_ms: 20 } },
  training: { resnet50: { batch: 16, epoch_s: 100 } },
};
const table = { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 1.5] }, training: { resnet50: { jobs: [0, 2], slowdown: [1, 1.2] } } };
const mix = { model: 'mix', groups: [{ active: { 'inference:resnet50': 1, 'training:resnet50': 1 }, slowdown: { 'inference:resnet50': 2 } }] };

const gpulet = { model: 'gpulet', coefficients: { own_l2: 0, neighbour_l2: 0, own_dram: 0, neighbour_dram: 0, constant: 1 }, utilisation: {} };
const resources = {
  model: 'resources',
  resources: { accelerator: 1 },
  classes: { 'inference:*': { demand: { accelerator: 0.5 } } },
  measured: { inference_jobs: 1, training_jobs: 1 },
};

function told(profile: unknown): string {
  try {
    parseProfile(JSON.stringify(profile, null, 1), 'p.json');
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(/^p\.json:\d+:\d+: /gm, '');
    throw error;
  }
  return 'no error';
}

it('a profile has a name: its own, its accelerator’s, or its file’s', () => {
  expect(parseProfile(JSON.stringify({ ...base, name: 'own' }), 'dir/p.json').name).toBe('own');
  expect(parseProfile(JSON.stringify(base), 'dir/p.json').name).toBe('toy gpu');
  expect(parseProfile(JSON.stringify({ models: base.models }), 'dir/p.json').name).toBe('p');
});

it.each([['table', table], ['mix', mix], ['gpulet', gpulet], ['resources', resources], ['none', { model: 'none' }]])('contention %s', (_name, contention) => {
  expect(told({ ...base, contention })).toBe('no error');
});

it.each<[unknown, string]>([
  [{ ...base, contention: { ...table, model: 'tabel' } }, `contention.model: unknown model "tabel"; did you mean table? (known: ${Object.keys(contentionModels).join(', ')})`],
  [{ ...base, contention: { ...table, inference: { jobs: [1, 2], slowdown: [1] } } }, 'contention.inference.slowdown: has 1 entry, jobs has 2; one for each is needed'],
  [{ ...base, contention: { ...table, inference: { jobs: [2, 4], slowdown: [1, 2] } } }, 'contention.inference.jobs.0: found 2; the first must be 1: one inference alone, with slowdown 1'],
  [{ ...base, contention: { ...table, training: { resnet50: { jobs: [0, 1], slowdown: [1.1, 2] } } } }, 'contention.training.resnet50.slowdown.0: found 1.1; retraining alone has slowdown 1, since slowdowns are relative to it'],
  [{ ...base, contention: { ...table, inference: { jobs: [1, 3, 2], slowdown: [1, 2, 3] } } }, 'contention.inference.jobs.2: found 2 after 3, ascending numbers are needed'],
  [
    { ...base, contention: { ...table, training: { resnet: table.training.resnet50 } } },
    'contention.training.resnet: this profile has no training of "resnet"; did you mean resnet50? (known: resnet50)',
  ],
  [
    { ...base, contention: { model: 'mix', groups: [{ active: { 'inference:vgg': 1 }, slowdown: { 'inference:vgg': 2 } }] } },
    'contention.groups.0.active.inference:vgg: this profile has no model "vgg"; did you mean vgg16? (known: resnet50, vgg16)\n' +
      'contention.groups.0.slowdown.inference:vgg: this profile has no model "vgg"; did you mean vgg16? (known: resnet50, vgg16)',
  ],
  [
    { ...base, contention: { model: 'mix', groups: [{ active: { 'inference:resnet50': 2 }, slowdown: { 'inference:vgg16': 2 } }] } },
    'contention.groups.0.slowdown.inference:vgg16: not active in this group; did you mean inference:resnet50? (active: inference:resnet50)',
  ],
  [{ ...base, contention: { model: 'mix', groups: [{ active: { 'inferense:vgg16': 2 }, slowdown: {} }] } }, 'contention.groups.0.active.inferense:vgg16: unknown field; a name like ^(inference|training|loading):.+$ is needed'],
  [
    { ...base, contention: { ...gpulet, utilisation: { 'training:resnet5': { l2: 0.1, dram: 0.2 } } } },
    'contention.utilisation.training:resnet5: this profile has no training of "resnet5"; did you mean resnet50? (known: resnet50)',
  ],
  [
    { ...base, contention: { ...resources, classes: { 'inference:*': { demand: { acelerator: 0.1 } } } } },
    'contention.classes.inference:*.demand.acelerator: this profile has no resource "acelerator"; did you mean accelerator? (known: accelerator)',
  ],
  [
    { ...base, contention: { ...resources, clock: { resource: 'gpu', load: [0, 1], factor: [1] } } },
    'contention.clock.resource: this profile has no resource "gpu" (known: accelerator)\n' +
      'contention.clock.factor: has 1 entry, load has 2; one for each is needed',
  ],
  [
    { ...base, contention: { ...resources, classes: { 'inference:vgg': { demand: { accelerator: 0.1 } } } } },
    'contention.classes.inference:vgg: this profile has no model "vgg"; did you mean vgg16? (known: resnet50, vgg16)',
  ],
  [{ ...base, accelerator: { ...base.accelerator, fixed_mib: 9000 } }, 'accelerator.fixed_mib: found 9000, less than memory_mib (8000) is needed'],
  [{ ...base, accelerator: { ...base.accelerator, memory_mib: '12 GiB' } }, 'accelerator.memory_mib: found "12 GiB", a number of MiB is needed, e.g. 12288'],
  [{ models: { a: { solo_ms: 0 } } }, 'models.a.solo_ms: found 0, a number of milliseconds greater than 0 is needed'],
  [{ models: { a: { solo_ms: 1, spread: { distribution: 'lognormal' } } } }, 'models.a.spread: missing field cv (coefficient of variation of the solo time)'],
  [{ models: { a: { solo_ms: 1, spread: { distribution: 'normal', cv: 1 } } } }, 'models.a.spread.distribution: unknown distribution "normal"; did you mean lognormal? (known: deterministic, exponential, two-point, lognormal, measured)'],
  [{ models: { a: { solo_ms: 1, spread: { distribution: 'measured', quantiles: [0.5, 1, 0.9] } } } }, 'models.a.spread.quantiles.2: found 0.9 after 1, ascending numbers are needed'],
  [{ models: { a: { solo_ms: 1, spread: { distribution: 'measured', quantiles: [2, 3, 4] } } } }, 'models.a.spread.quantiles: have a mean of 3; factors on a mean have 1: divide each by it'],
  [{ models: { a: { solo_ms: 1, batches: { size: [1, 2], mean_ms: [1] } } } }, 'models.a.batches.mean_ms: has 1 entry, size has 2; one for each is needed'],
  [{}, 'missing field models'],
  [[], 'found an empty list, an object like { models: … } is needed'],
])('%j', (profile, message) => {
  expect(told(profile)).toBe(message);
});

it('a text that is neither JSON nor YAML', () => {
  expect(() => parseProfile('{ "models": { "a" 1 } }', 'p.json')).toThrow(/^p\.json:1:\d+: not valid JSON: /);
  expect(() => parseProfile('{ "models": {}, }', 'p.json')).toThrow(/^p\.json: not valid JSON: /);
});

it('a file that is not there', async () => {
  await expect(loadProfile('no/such.json')).rejects.toThrow(/^no\/such\.json: the profile cannot be read: there is no file .*no\/such\.json$/);
});
