import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { directoryOf } from './files.js';

async function resolved(text: string) {
  return resolveAlternatives(await loadScenario(`${directoryOf({ 's.yaml': text })}/s.yaml`));
}

/** What the user is told; the directory's name is taken out. */
const told = (text: string): Promise<string> =>
  resolved(text).then(
    () => 'no error',
    (error: Error) => error.message.replaceAll(/\S*\/s\.yaml/g, 's.yaml'),
  );

const profile = '{ models: { a: { solo_ms: 1, accuracy: 0.5 }, b: { solo_ms: 2, accuracy: 0.7 }, c: { solo_ms: 3 } }, training: { a: { batch: 16, epoch_s: 9 } } }';
const scenarioWith = (what: string, more = ''): string => `schema: corun/scenario@1
workload:
  - app: camera
    ${what}
    arrivals: { process: poisson, rate_rps: 10, requests: 9 }
sites: [{ name: edge, accelerators: [{ profile: ${profile} }] }]
${more}`;

it('an app may list variants of its model, each by name or with what is different about it here', async () => {
  const [alternative] = await resolved(scenarioWith('variants: [a, { model: b, accuracy: 0.8 }, { model: c, site: edge, accuracy: 0.9 }]', 'select: mdinference'));
  expect(alternative.scenario.workload[0].stages).toEqual([
    { model: 'a', variants: [{ model: 'a' }, { model: 'b', accuracy: 0.8 }, { model: 'c', site: 'edge', accuracy: 0.9 }] },
  ]);
  expect(alternative.policies.select).toEqual({ policy: 'mdinference', options: { gamma: 1, times: 'measured' } });
});

it('so may a stage', async () => {
  const [alternative] = await resolved(scenarioWith('stages: [{ model: c }, { variants: [a, b] }]'));
  expect(alternative.scenario.workload[0].stages).toEqual([{ model: 'c' }, { model: 'a', variants: [{ model: 'a' }, { model: 'b' }] }]);
});

it.each([
  ['variants: []', '', 's.yaml:4:15: workload.0.variants: found an empty list, at least 1 is needed'],
  ['variants: [a, d]', '', 's.yaml:4:19: workload.0.variants.1: no profile knows the model "d"; did you mean a or b or c? (known: a, b, c)'],
  ['variants: [a, a]', '', 's.yaml:4:19: workload.0.variants.1: a second variant a, each may be named once'],
  ['variants: [a, c]', '', 's.yaml:4:19: workload.0.variants.1: variants differ in accuracy, and nobody says that of c; write { model: c, accuracy: 0.7 }, or give it to the profile'],
  ['variants: [a, { model: b, site: egde }]', '', 's.yaml:4:37: workload.0.variants.1.site: there is no site "egde"; did you mean edge? (known: edge)'],
  ['stages: [{ model: a, variants: [a, b] }]', '', 's.yaml:4:36: workload.0.stages.0.variants: exactly one of model, variants is needed, found model and variants'],
  ['stages: [{ site: edge }]', '', 's.yaml:4:14: workload.0.stages.0: exactly one of model, variants is needed, none is there'],
  ['model: a', 'select: mdinferrence', 's.yaml:7:9: select: unknown policy "mdinferrence"; did you mean mdinference? (known: fixed, '],
  ['model: a', 'dispatch: mdinference', 's.yaml:7:11: dispatch: mdinference is a select policy; write select: instead of dispatch:'],
  ['model: c', 'measure: { primary: accuracy }', 's.yaml:7:21: measure.primary: this scenario cannot produce accuracy: nobody says how accurate a model is; give it an accuracy in its profile, or its retraining: learning: { drift: … }'],
  [
    'variants: [a, b]',
    'retraining: { model: a, learning: { drift: { kind: none } } }',
    's.yaml:7:35: retraining.learning: app camera has variants, and what a model learns is not known of its variants; leave out learning, or give the app one model',
  ],
])('%s %s is told', async (what, more, sentence) => {
  expect(await told(scenarioWith(what, more))).toContain(sentence);
});
