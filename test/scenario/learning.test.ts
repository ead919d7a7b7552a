import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { learningOf } from '../../src/experiment/learning.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { directoryOf, profile, scenario } from './files.js';

const CURVE = 'curve: curves.json, configuration: { network: resnet50';

async function resolved(learning: string, set: string[] = []): Promise<Scenario> {
  const text = scenario.replace('retraining: { model: resnet50, batch: 16 }', `retraining: { model: resnet50, learning: { ${learning} } }`);
  const directory = directoryOf({ 'toy.json': profile, 's.yaml': text });
  cpSync(new URL('../../calibration/learning/ekya-resnet.json', import.meta.url), `${directory}/curves.json`);
  return (await resolveAlternatives(await loadScenario(`${directory}/s.yaml`, set)))[0].scenario;
}

async function told(learning: string, set: string[] = []): Promise<string> {
  const error = await resolved(learning, set).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return error.message.replace(/^.*?: retraining/, 'retraining');
}

const NONE = 'drift: { kind: none }';

describe('a fitted curve in a scenario', () => {
  it('gives ceiling, half gap, start cost and the length of an epoch', async () => {
    const learning = (await resolved(`${NONE}, ${CURVE}, data_fraction: 0.5, frozen_layers: 7 }`)).retraining[0].learning!;
    const whole = (await resolved(`${NONE}, ${CURVE} }`)).retraining[0].learning!;
    expect(whole.epoch_factor).toBe(1);
    expect(learning.epoch_factor).toBeGreaterThan(0.2);
    expect(learning.epoch_factor).toBeLessThan(0.6);
    expect(learning.ceiling).toBeLessThan(whole.ceiling);
    expect(learning.start_s).toBeCloseTo(8.6, 0);
    expect((await resolved(`${NONE}, start_s: 2, ${CURVE} }`)).retraining[0].learning!.start_s).toBe(2);
  });

  it('reaches the simulator', async () => {
    const of = await resolved(`${NONE}, ${CURVE}, data_fraction: 0.1 }`);
    const { epoch_factor, ceiling } = of.retraining[0].learning!;
    expect(learningOf(of, false).learning![0]).toMatchObject({ epochFactor: epoch_factor, ceiling });
  });

  it('is swept by --set', async () => {
    const swept = (await resolved(`${NONE}, ${CURVE} }`, ['retraining.learning.configuration.data_fraction=0.1'])).retraining[0].learning!;
    expect(swept.epoch_factor).toBeLessThan(0.25);
    const drift = (await resolved('drift: { kind: gradual, half_life_h: 6 }', ['retraining.learning.drift.half_life_h=24', 'retraining.learning.floor=0.3'])).retraining[0].learning!;
    expect(drift).toMatchObject({ drift: { kind: 'gradual', half_life_h: 24 }, floor: 0.3 });
  });
});

describe('mistakes in learning', () => {
  it.each([
    [`${NONE}, ${CURVE.replace('resnet50', 'resnet51')} }`, 'retraining.learning.configuration.network: the curves know no network "resnet51"; did you mean resnet50? (known: resnet18, resnet50)'],
    [`${NONE}, ${CURVE}, batch: 16 }`, 'retraining.learning.configuration.batch: batch 16 was not measured (known: 32, 128, 256)'],
    [`${NONE}, ${CURVE}, frozen_layers: 3 }`, 'retraining.learning.configuration.frozen_layers: 3 frozen layers were not measured (known: 0, 5, 7)'],
    [`${NONE}, ${CURVE}, data_fraction: 0.01 }`, 'retraining.learning.configuration.data_fraction: found 0.01, outside of what was measured, 0.1 to 1'],
    [`${NONE}, ceiling: 0.8, ${CURVE} }`, 'retraining.learning.ceiling: the curve gives ceiling; leave out one of them'],
    [`${NONE}, curve: curves.json`, 'retraining.learning: curve and configuration need each other, found only curve'],
    [`${NONE}, floor: 0.95`, 'retraining.learning.floor: a floor of 0.95 is above the ceiling of 0.9'],
  ])('%s', async (learning, sentence) => {
    expect(await told(learning)).toContain(sentence);
  });

  it('a file that is not there, or is something else', async () => {
    expect(await told(`${NONE}, curve: none.json, configuration: { network: resnet50 }`)).toMatch(/learning\.curve: .*the path is relative to the scenario/);
    expect(await told(`${NONE}, curve: toy.json, configuration: { network: resnet50 }`)).toMatch(/toy\.json is not what npm run learning-curves writes/);
  });
});

describe('several jobs that learn', () => {
  const jobs = (second: string): Promise<string> => {
    const text = scenario.replace('retraining: { model: resnet50, batch: 16 }', `retraining: [{ model: resnet50, learning: { ${NONE} } }, ${second}]`);
    return resolveAlternativesOf(text);
  };

  async function resolveAlternativesOf(text: string): Promise<string> {
    const directory = directoryOf({ 'toy.json': profile, 's.yaml': text });
    return resolveAlternatives(await loadScenario(`${directory}/s.yaml`, [])).then(
      () => 'no error',
      (error: Error) => error.message.replace(/^.*?: retraining/, 'retraining'),
    );
  }

  it('may not improve the same app', async () => {
    expect(await jobs(`{ model: resnet50, learning: { ${NONE} } }`)).toContain('retraining.1: a second job whose learning improves app plants; say with app: whose answers each of them improves');
    expect(await jobs(`{ model: resnet50, app: plants, learning: { ${NONE} } }`)).toContain('a second job whose learning improves app plants');
  });

  it('may improve different ones', async () => {
    expect(await jobs(`{ model: resnet50, app: batch, learning: { ${NONE} } }`)).toBe('no error');
  });
});
