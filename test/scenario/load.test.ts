import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { directoryOf, profile, scenario } from './files.js';

async function resolved(text: string, overrides: string[] = [], files: Record<string, string> = {}) {
  const directory = directoryOf({ 's.yaml': text, 'toy.json': profile, ...files });
  const loaded = await loadScenario(`${directory}/s.yaml`, overrides);
  return { directory, loaded, alternatives: await resolveAlternatives(loaded) };
}

const minimal = `schema: corun/scenario@1
workload: [{ app: plants, model: resnet50, arrivals: { process: poisson, rate_rps: 10, requests: 100 } }]
sites: [{ name: edge, accelerators: [{ profile: { models: { resnet50: { solo_ms: 10 } } } }] }]
`;

it('a minimal scenario is completed: one alternative, and every default', async () => {
  const { alternatives, loaded } = await resolved(minimal);
  const inline = { name: 'edge/gpu0', models: { resnet50: { solo_ms: 10 } } };
  expect(loaded).toMatchObject({ seed: 1, measure: { primary: 'latency_p95_ms' } });
  expect(alternatives).toEqual([
    {
      name: 'default',
      scenario: {
        schema: 'corun/scenario@1',
        workload: [{ app: 'plants', stages: [{ model: 'resnet50' }], arrivals: { process: 'poisson', rate_rps: 10, requests: 100 } }],
        network: {},
        sites: [{ name: 'edge', accelerators: [{ profile: inline, count: 1 }] }],
        retraining: [],
        faults: [],
        supervision: { retries: 1, restart_after_s: 1, longest_restart_s: 60 },
        extrapolation: 'refuse',
        measure: { primary: 'latency_p95_ms', metrics: [], replications: { min: 20, max: 200, relative_half_width: 0.02 }, warm_up: 'auto' },
        seed: 1,
      },
      accelerators: [{ site: 0, name: 'edge/gpu0', profile: inline }],
      policies: {
        route: { policy: 'fixed', options: {} },
        select: { policy: 'fixed', options: {} },
        dispatch: { policy: 'fcfs', options: { k: 1 } },
        retrain: { policy: 'never', options: {} },
        place: { policy: 'all-on-one', options: {} },
      },
    },
  ]);
});

it('alternatives are full bundles: their own decisions and settings, the rest shared', async () => {
  const { alternatives } = await resolved(scenario);
  expect(alternatives.map((a) => a.name)).toEqual(['corun', 'windows', 'two']);
  expect(alternatives.map((a) => a.policies.dispatch)).toEqual([
    { policy: 'corun', options: { latency_tolerance: 1, epoch_tolerance: 1, combinations: 'mean', k_cap: 16 } },
    { policy: 'fcfs', options: { k: 1 } },
    { policy: 'fcfs', options: { k: 1 } },
  ]);
  expect(alternatives.map((a) => a.policies.retrain)).toEqual([
    { policy: 'continuous', options: {} },
    { policy: 'windows', options: { every_s: 100, for_s: 60, offset_s: 0 } },
    { policy: 'continuous', options: {} },
  ]);
  expect(alternatives.map((a) => a.accelerators.map((accelerator) => [accelerator.name, accelerator.priceUsdPerHour]))).toEqual([
    [['edge/gpu0', 0.5]],
    [['edge/gpu0', 0.5]],
    [['edge/gpu0', 0.5], ['edge/gpu1', 0.5]],
  ]);
  expect(alternatives[0].scenario.retraining).toEqual([{ model: 'resnet50', batch: 16, site: 'edge' }]);
  expect(alternatives[0].scenario.workload[1].clients).toEqual({ count: 4, think_ms: 5, think: 'exponential', retry_after_ms: 1000 });
});

it('alternatives are plain data', async () => {
  const { alternatives } = await resolved(scenario);
  expect(structuredClone(alternatives)).toEqual(alternatives);
  expect(JSON.parse(JSON.stringify(alternatives))).toEqual(alternatives);
});

it('a default policy for all alternatives gives way to their own', async () => {
  const { alternatives } = await resolved(scenario.replace('alternatives:', 'dispatch: { policy: edf, k: 3 }\nalternatives:'));
  expect(alternatives.map((a) => a.policies.dispatch.policy)).toEqual(['corun', 'fcfs', 'edf']);
  expect(alternatives[2].policies.dispatch.options).toEqual({ k: 3, drop_hopeless: false });
});

it('--set overrides any field, and turns a policy’s name into one with options', async () => {
  const { alternatives, loaded } = await resolved(scenario, ['seed=text', 'workload.0.arrivals.rate_rps=2.5', 'alternatives.1.dispatch.k=3', 'network.up=null']);
  expect(loaded.seed).toBe('text');
  expect(alternatives[0].scenario.workload[0].arrivals).toMatchObject({ process: 'gamma', rate_rps: 2.5 });
  expect(alternatives[1].policies.dispatch).toEqual({ policy: 'fcfs', options: { k: 3 } });
  expect(alternatives[0].scenario.network).toEqual({ down: { normal: { mean_ms: 20, sd_ms: 8 } } });
});

it('a field inside of a profile file can be set, for one alternative alone', async () => {
  const { alternatives } = await resolved(scenario.replace('sites.0.accelerators.0.count: 2', 'sites.0.accelerators.0.profile.models.resnet50.solo_ms: 99'));
  expect(alternatives.map((a) => a.accelerators[0].profile.models.resnet50.solo_ms)).toEqual([10, 10, 99]);
});

it('files are found from the scenario, wherever the program runs', async () => {
  const text = minimal.replace('arrivals: { process: poisson, rate_rps: 10, requests: 100 }', 'trace: { file: data/x.csv }');
  const { alternatives, directory } = await resolved(text, [], { 'data/x.csv': 'time_ms\n1\n' });
  expect(alternatives[0].scenario.workload[0].trace).toEqual({ format: 'corun-csv', file: join(resolve(directory), 'data/x.csv') });
});

it.each([
  ['a stationary stream', 'arrivals: { process: gamma, rate_rps: 1, cv: 2, requests: 9 }', 'auto'],
  ['a closed loop', 'clients: { count: 1, requests: 9 }', 'auto'],
  ['a recorded stream', 'trace: { format: corun-azure }', 'none'],
  ['a stream whose rate changes', 'arrivals: { process: corun-azure }', 'none'],
])('the warm-up of %s', async (_what, source, warmUp) => {
  const { alternatives } = await resolved(minimal.replace('arrivals: { process: poisson, rate_rps: 10, requests: 100 }', source));
  expect(alternatives[0].scenario.measure.warm_up).toBe(warmUp);
});

it('stages run in series, each where it says', async () => {
  const text = minimal
    .replace('model: resnet50,', 'stages: [{ site: first, model: resnet50 }, { model: head }],')
    .replace('sites: [', 'sites: [{ name: first, accelerators: [{ name: big, profile: toy.json, count: 2 }, { profile: toy.json }] }, ')
    .replace('resnet50: { solo_ms: 10 }', 'head: { solo_ms: 1 }');
  const { alternatives } = await resolved(text);
  expect(alternatives[0].scenario.workload[0].stages).toEqual([{ site: 'first', model: 'resnet50' }, { model: 'head' }]);
  expect(alternatives[0].accelerators.map((a) => [a.site, a.name])).toEqual([[0, 'first/big0'], [0, 'first/big1'], [0, 'first/gpu0'], [1, 'edge/gpu0']]);
});

it('a policy of one’s own is found beside the scenario, and its options are checked by its own schema', async () => {
  const mine = `export default { name: 'mine', about: 'a', source: 's', decision: 'dispatch',
    options: { type: 'object', properties: { depth: { type: 'integer', minimum: 1, default: 4 } }, additionalProperties: false },
    create: () => ({ on: () => Infinity }) };`;
  const { alternatives, directory } = await resolved(`${minimal}dispatch: ./mine.mjs\n`, [], { 'mine.mjs': mine });
  expect(alternatives[0].policies.dispatch).toEqual({ policy: 'mine', module: `file://${join(resolve(directory), 'mine.mjs')}`, options: { depth: 4 } });
  await expect(resolved(`${minimal}dispatch: { policy: ./mine.mjs, depht: 2 }\n`, [], { 'mine.mjs': mine })).rejects.toThrow(
    /s\.yaml:4:33: dispatch\.depht: unknown field; did you mean depth\? \(allowed: depth\)$/,
  );
});

it('anchors and merges are followed, and mistakes in them are placed', async () => {
  const text = minimal
    .replace('workload: [{', 'workload: [&first {')
    .replace(' }]\nsites', ' }, { <<: *first, app: faces }, { <<: *first, app: birds, slo_mz: 3 }]\nsites');
  await expect(resolved(text)).rejects.toThrow(/s\.yaml:2:\d+: workload\.2\.slo_mz: unknown field; did you mean slo_ms\?/);
  const { alternatives } = await resolved(text.replace('slo_mz', 'slo_ms'));
  expect(alternatives[0].scenario.workload.map((w) => [w.app, w.stages[0].model])).toEqual([['plants', 'resnet50'], ['faces', 'resnet50'], ['birds', 'resnet50']]);
});

it('the published profile serves a scenario', async () => {
  const published = readFileSync(new URL('../../calibration/rtx3080ti.json', import.meta.url), 'utf8');
  const { alternatives } = await resolved(scenario, [], { 'toy.json': published });
  expect(alternatives[0].accelerators[0].profile.training).toHaveProperty('resnet50');
});

describe('the file of a fitted process', () => {
  const fitted = (process: string) => scenario.replace('{ process: gamma, rate_rps: 10, cv: 2 }', `{ process: ${process}, file: f.json }`);

  it('is read, relative to the scenario', async () => {
    const states = [{ rate_rps: 1, mean_s: 2 }];
    for (const [process, window] of [['fitted', { for_s: 10, rate_rps: 5, cv: 2 }], ['fitted-mmpp', { for_s: 10, states }]] as const) {
      const directory = directoryOf({ 's.yaml': fitted(process), 'toy.json': profile, 'f.json': JSON.stringify({ process, windows: [window] }) });
      expect((await resolveAlternatives(await loadScenario(`${directory}/s.yaml`, [])))[0].scenario.workload[0].arrivals).toEqual({ process, windows: [window] });
    }
  });

  it('of another process is refused where it is named', async () => {
    const directory = directoryOf({ 's.yaml': fitted('fitted'), 'toy.json': profile, 'f.json': JSON.stringify({ process: 'fitted-mmpp', windows: [] }) });
    await expect(loadScenario(`${directory}/s.yaml`, []).then(resolveAlternatives)).rejects.toThrow(/s\.yaml:8:\d+: workload\.0\.arrivals\.file: f\.json is not what corun trace fit writes for the process fitted: it holds one for the process fitted-mmpp/);
  });
});

it('a system fills the decisions that it is about; what an alternative says itself goes before it, the rest is the scenario’s', async () => {
  const { alternatives } = await resolved(`${minimal}retraining: { model: resnet50 }
dispatch: edf
retrain: never
alternatives: [{ name: a, system: corun }, { name: b, system: corun, retrain: windows }, { name: c }]
`.replace('solo_ms: 10 } }', 'solo_ms: 10 } }, training: { resnet50: { batch: 16, epoch_s: 100 } }'));
  const named = alternatives.map(({ policies: { dispatch, retrain, place } }) => [dispatch.policy, retrain.policy, place.policy]);
  expect(named).toEqual([
    ['corun', 'continuous', 'all-on-one'],
    ['corun', 'windows', 'all-on-one'],
    ['edf', 'never', 'all-on-one'],
  ]);
  await expect(resolved(`${minimal}alternatives: [{ name: a, system: corum }]\n`)).rejects.toThrow(/alternatives.0.system: found "corum"; did you mean corun\?/);
});
