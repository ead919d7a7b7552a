import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import cpu from '../../src/executor/backends/cpu.js';
import type { TensorFlow } from '../../src/executor/backends/contract.js';
import { InputError } from '../../src/input/error.js';
import { buildModel } from '../../src/models/build.js';
import { layerTable } from '../../src/models/layer-table.js';
import { zoo, zooModel } from '../../src/models/zoo.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = await cpu.open();
});

describe.each(Object.entries(zoo))('%s', (name, model) => {
  it('is called what the map calls it, and says what it is and where it is from', () => {
    expect(model.name).toBe(name);
    expect(model.about).toMatch(/\w.*\.$/);
    expect(model.source).toMatch(/\w.*(torchvision|Keras).*\.$/);
  });

  it('has a row in the documentation with its parameters', () => {
    const page = new URL('../../docs/models.md', import.meta.url);
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain(`| \`${name}\` | ${model.parameters.toLocaleString('en')} |`);
  });

  it('has the published number of trainable parameters and of multiply-adds', () => {
    const built = buildModel(tf.layers, model, { inputSize: model.inputSize, classes: 1000 });
    const table = layerTable(built);
    const multiplyAdds = table.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
    expect(table.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(model.parameters);
    expect(Math.abs(multiplyAdds / 1e9 / model.billionMultiplyAdds - 1)).toBeLessThan(0.03);
    expect(table.at(-1)).toMatchObject({ shape: [1000], canCut: true });
    built.dispose();
  });

  it('refuses an input that is too small, with what is allowed', () => {
    const build = (inputSize: number, classes: number) => () => buildModel(tf.layers, model, { inputSize, classes });
    expect(build(model.smallestInput - 1, 10)).toThrow(new RegExp(`a whole number from ${model.smallestInput} is allowed`));
    expect(build(64.5, 10)).toThrow(InputError);
    expect(build(model.inputSize, 1)).toThrow(/classes; a whole number from 2/);
  });
});

it('names the nearest model when one is misspelt', () => {
  expect(() => zooModel('resnet-50')).toThrow(/did you mean resnet50\?/);
  expect(() => zooModel('constructor')).toThrow(/no model is called/);
});

describe('the table of layers', () => {
  it('has the feature maps of the published networks', () => {
    const shapes = (name: string, kinds: string[]) => {
      const built = buildModel(tf.layers, zoo[name], { inputSize: 224, classes: 10 });
      const rows = layerTable(built).filter(({ kind }) => kinds.includes(kind));
      built.dispose();
      return rows.map(({ shape }) => shape);
    };
    expect(shapes('vgg16', ['MaxPooling2D'])).toEqual([[112, 112, 64], [56, 56, 128], [28, 28, 256], [14, 14, 512], [7, 7, 512]]);
    expect(shapes('alexnet', ['MaxPooling2D'])).toEqual([[27, 27, 64], [13, 13, 192], [6, 6, 256]]);
    expect(shapes('squeezenet1_0', ['MaxPooling2D'])).toEqual([[54, 54, 96], [27, 27, 256], [13, 13, 512]]);
  });

  it('knows where a model can be cut: behind a residual block, not inside of it', () => {
    const built = buildModel(tf.layers, zoo.resnet50, { inputSize: 64, classes: 10 });
    const rows = layerTable(built);
    const at = (name: string) => rows.find((row) => row.name === name)!;
    expect(at('max_pool_1').canCut).toBe(true);
    expect(at('conv_2').canCut).toBe(false);
    expect(at('add_1').canCut).toBe(true);
    expect(at('add_1')).toMatchObject({ shape: [16, 16, 256], outputBytes: 4 * 16 * 16 * 256, parameters: 0 });
    expect(at('add_1').inputs).toHaveLength(2);
    built.dispose();
  });
});
