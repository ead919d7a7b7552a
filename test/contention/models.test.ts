import { Ajv } from 'ajv';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ContentionModel } from '../../src/contention/contract.js';
import { contentionModels } from '../../src/contention/models.js';
import { v100, v100Models } from './igniter-v100.js';
import { classesOf, slowdownsOf, UNTOUCHED } from './slowdowns-of.js';

const root = new URL('../../', import.meta.url);
const classes = classesOf('inference:a', 'inference:b', 'training:big', 'loading:a');

/** Valid parameters for each model; a model without an entry here fails below. */
const examples: Record<string, unknown> = {
  none: { model: 'none' },
  table: {
    model: 'table',
    inference: { jobs: [1, 2, 4], slowdown: [1, 1.43, 2.69] },
    inference_beside_training: { big: 1.1 },
    training: { big: { jobs: [0, 1, 4], slowdown: [1, 1.1, 1.8] } },
  },
  mix: {
    model: 'mix',
    groups: [{ active: { 'inference:a': 1, 'training:big': 1 }, slowdown: { 'inference:a': 1.2, 'training:big': 1.1 } }],
  },
  igniter: {
    model: 'igniter',
    gpu: v100,
    models: { a: { ...v100Models.vgg19, share_percent: 40, batch: 3 }, b: { ...v100Models.ssd, share_percent: 20, batch: 1 } },
    most_workloads: 5,
  },
  gpulet: {
    model: 'gpulet',
    coefficients: { own_l2: 0.11, neighbour_l2: 0.72, own_dram: 0.35, neighbour_dram: 0.09, constant: 0.9 },
    utilisation: { 'inference:a': { l2: 0.3, dram: 0.6 }, 'training:big': { l2: 0.2, dram: 0.9, share: 0.5 } },
  },
  resources: {
    model: 'resources',
    resources: { accelerator: 1, host: 2 },
    clock: { resource: 'accelerator', load: [0.2, 0.6], factor: [1, 1.1] },
    classes: {
      'inference:*': { demand: { accelerator: 0.3, host: 0.4 }, held: { host: 0.1 } },
      'training:big': { demand: { accelerator: 0.5, host: 1 }, pipeline: { loader: 1, accelerator: 0.5 } },
    },
    measured: { inference_jobs: 4, training_jobs: 1 },
  },
};

const files = readdirSync(new URL('src/contention/models/', root)).map((file) => file.replace(/\.ts$/, ''));

it('lists every file of src/contention/models in the map, and nothing else', () => {
  expect(Object.keys(contentionModels).sort()).toEqual(files.sort());
});

describe.each(Object.entries(contentionModels as Record<string, ContentionModel>))('%s', (name, model) => {
  const bind = () => model.bind(examples[name], classes);

  it('is called what the map and its file call it, and says what it assumes and where it is from', () => {
    expect(model.name).toBe(name);
    expect(model.about).toMatch(/\w.*\.$/);
    expect(model.source).toMatch(/\w.*\.$/);
  });

  it('has a test of its own', () => {
    expect(existsSync(new URL(`test/contention/${name}.test.ts`, root))).toBe(true);
  });

  it('has a page that names each of its parameters', () => {
    const page = readFileSync(new URL(`docs/contention/${name}.md`, root), 'utf8');
    expect(page).toContain(`# Contention model \`${name}\``);
    for (const parameter of Object.keys(model.parameters.properties)) expect(page).toContain(parameter);
  });

  it('has a closed schema that takes the example and no further field', () => {
    expect(model.parameters.additionalProperties).toBe(false);
    expect(model.parameters.properties.model.const).toBe(name);
    const validate = new Ajv().compile(model.parameters);
    expect(validate(examples[name])).toBe(true);
    expect(validate({ ...(examples[name] as object), misspelt: 1 })).toBe(false);
    expect(validate({})).toBe(false);
  });

  it('leaves an inference that is alone, and training that is alone, at solo speed', () => {
    const alone = slowdownsOf(bind(), 1, 0, 0, 0);
    expect(alone.slowdown[0]).toBeCloseTo(1, 6);
    expect(alone.outside).toBeUndefined();
    expect(slowdownsOf(bind(), 0, 0, 1, 0).slowdown[2]).toBeCloseTo(1, 6);
  });

  it('writes a positive number for each class that is there, and leaves the others alone', () => {
    for (let code = 0; code < 81; code++) {
      const counts = [code % 3, Math.floor(code / 3) % 3, Math.floor(code / 9) % 3, Math.floor(code / 27)];
      const { slowdown } = slowdownsOf(bind(), ...counts);
      counts.forEach((count, i) => {
        if (count === 0) expect(slowdown[i]).toBe(UNTOUCHED);
        else expect(slowdown[i] > 0 && Number.isFinite(slowdown[i])).toBe(true);
      });
    }
  });

  it('gives the same answer when asked again, and bound again', () => {
    const bound = bind();
    const first = slowdownsOf(bound, 2, 1, 1, 0);
    slowdownsOf(bound, 4, 0, 0, 1);
    expect(slowdownsOf(bound, 2, 1, 1, 0)).toEqual(first);
    expect(slowdownsOf(bind(), 2, 1, 1, 0)).toEqual(first);
  });
});
