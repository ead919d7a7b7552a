import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { directoryOf, profile, scenario } from './files.js';

/** What the user is told; the directory's name is taken out. */
async function told(files: Record<string, string>, overrides: string[] = []): Promise<string> {
  const directory = directoryOf({ 'toy.json': profile, ...files });
  const error = await loadScenario(`${directory}/s.yaml`, overrides)
    .then(resolveAlternatives)
    .then(
      () => 'no error',
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof InputError)) throw error;
  return error.message.replaceAll(`${directory}/`, '').replace(/\/\S*corun-scenario-[^/]*\//g, '<dir>/');
}

function changed(from: string, to: string): string {
  if (!scenario.includes(from)) throw new Error(`the valid scenario has no ${from}`);
  return scenario.replace(from, to);
}

const workload = 'app, model, variants, stages, site, slo_ms, arrivals, trace, clients, cell, image, upload_bytes, answer_bytes';
const dispatch = 'corun, fcfs, edf, batch, as-planned, orion, d-stack, unlimited, reject-all; or a file of your own such as ./mine.mjs';
const processes = 'poisson, gamma, even, mmpp, day-shape, spike, drain, fitted, fitted-mmpp, corun-azure, corun-process-b';

describe('one mistake, one sentence that mends it', () => {
  it.each([
    // names of fields
    ['slo_ms: 250', 'slo_s: 250', `s.yaml:7:5: workload.0.slo_s: unknown field; did you mean slo_ms? (allowed: ${workload})`],
    ['    model: resnet50', '    modle: resnet50', `s.yaml:6:5: workload.0.modle: unknown field; did you mean model? (allowed: ${workload})`],
    ['cv: 2', 'cx: 2', 's.yaml:8:47: workload.0.arrivals.cx: unknown field; did you mean cv? (allowed: process, rate_rps, cv, requests)'],
    ['process: gamma,', 'process: even,', 's.yaml:8:46: workload.0.arrivals.cv: unknown field (allowed: process, rate_rps, requests)'],
    ['process: gamma', 'proces: gamma', 's.yaml:8:17: workload.0.arrivals.proces: unknown field; did you mean process?'],
    ['fixed_ms: 20', 'fixd_ms: 20', 's.yaml:12:18: network.up.fixd_ms: unknown field; did you mean fixed_ms? (allowed: fixed_ms, normal, survival, rate_mbps, trace, start, queue_packets)'],
    ['{ policy: corun', '{ polcy: corun', 's.yaml:18:32: alternatives.0.dispatch.polcy: unknown field; did you mean policy?'],
    [
      'latency_tolerance',
      'latency_tolerence',
      's.yaml:18:47: alternatives.0.dispatch.latency_tolerence: unknown field; did you mean latency_tolerance? (allowed: policy, latency_tolerance, epoch_tolerance, combinations, k_cap, queue_limit)',
    ],
    // numbers and units
    ['slo_ms: 250', 'slo_ms: 250ms', 's.yaml:7:13: workload.0.slo_ms: found "250ms", a number of milliseconds is needed, e.g. 250'],
    ['slo_ms: 250', 'slo_ms: 1.5 s', 's.yaml:7:13: workload.0.slo_ms: found "1.5 s", a number of milliseconds is needed, e.g. 1500'],
    ['duration_s: 60', 'duration_s: 2 min', 's.yaml:3:13: duration_s: found "2 min", a number of seconds is needed, e.g. 120'],
    ['slo_ms: 250', 'slo_ms: -5', 's.yaml:7:13: workload.0.slo_ms: found -5, a number of milliseconds greater than 0 is needed, e.g. 250'],
    ['slo_ms: 250', 'slo_ms: .nan', 's.yaml:7:13: workload.0.slo_ms: found .nan, a finite number of milliseconds is needed'],
    ['rate_rps: 10', 'rate_rps: -.inf', 's.yaml:8:43: workload.0.arrivals.rate_rps: found -.inf, a finite number of requests per second is needed'],
    ['slo_ms: 250', 'slo_ms:', 's.yaml:7:12: workload.0.slo_ms: found nothing, a number of milliseconds is needed, e.g. 250'],
    ['count: 4,', 'count: "4",', 's.yaml:11:23: workload.1.clients.count: found "4", a whole number is needed, e.g. 4'],
    ['min: 3', 'min: 2.5', 's.yaml:21:83: measure.replications.min: found 2.5, a whole number is needed, e.g. 20'],
    ['seed: 7', 'seed: 7.5', 's.yaml:22:7: seed: found 7.5, a whole number is needed'],
    ['latency_tolerance: 1', 'latency_tolerance: -1', 's.yaml:18:66: alternatives.0.dispatch.latency_tolerance: found -1, a number greater than 0 is needed, e.g. 1'],
    // names of things
    ['process: gamma', 'process: gama', `s.yaml:8:26: workload.0.arrivals.process: unknown process "gama"; did you mean gamma? (known: ${processes})`],
    ['process: gamma, ', '', `s.yaml:8:15: workload.0.arrivals: missing field process (one of ${processes})`],
    ['{ process: gamma, rate_rps: 10, cv: 2 }', 'poisson', 's.yaml:8:15: workload.0.arrivals: found "poisson", an object like { process: poisson } is needed'],
    ['dispatch: fcfs', 'dispatch: fcsf', `s.yaml:19:76: alternatives.1.dispatch: unknown policy "fcsf"; did you mean fcfs? (known: ${dispatch})`],
    ['policy: corun', 'policy: corum', `s.yaml:18:40: alternatives.0.dispatch.policy: unknown policy "corum"; did you mean corun? (known: ${dispatch})`],
    ['dispatch: fcfs', 'dispatch: when-idle', 's.yaml:19:76: alternatives.1.dispatch: when-idle is a retrain policy; write retrain: instead of dispatch:'],
    ['dispatch: fcfs', 'dispatch: ./mine.mjs', 's.yaml:19:76: alternatives.1.dispatch: there is no file <dir>/mine.mjs; the path of a policy is relative to the scenario'],
    [
      'primary: goodput_rps',
      'primary: godput_rps',
      's.yaml:21:21: measure.primary: found "godput_rps"; did you mean goodput_rps? (allowed: throughput_rps, goodput_rps, slo_attainment, latency_mean_ms, ' +
        'latency_p50_ms, latency_p95_ms, latency_p99_ms, accuracy, effective_accuracy, on_device_share, duplicated_share, wasted_share, deploys, detection_delay_s, false_alarms, rejected_share, failed_share, unfinished_share, fairness_jain, recovery_s, oom_events, epoch_s, gpu_utilisation, energy_j_per_request, gpus, usd_per_million)',
    ],
    // one of several forms
    ['{ fixed_ms: 20 }', '{ fixed_ms: 20, normal: { mean_ms: 1, sd_ms: 2 } }', 's.yaml:12:40: network.up.normal: at most one of fixed_ms, normal, survival is possible, found fixed_ms and normal'],
    ['{ fixed_ms: 20 }', '{}', 's.yaml:12:16: network.up: at least one of fixed_ms, normal, survival, rate_mbps, trace is needed'],
    ['{ fixed_ms: 20 }', '20', 's.yaml:12:16: network.up: found 20, an object like { fixed_ms: …, normal: …, survival: … } is needed'],
    ['    model: vgg16\n', '', 's.yaml:9:5: workload.1: exactly one of model, variants, stages is needed, none is there'],
    ['    model: vgg16\n', '    model: vgg16\n    stages: [{ model: vgg16 }]\n', 's.yaml:11:13: workload.1.stages: exactly one of model, variants, stages is needed, found model and stages'],
    ['    clients:', '    trace: { format: corun-azure }\n    clients:', 's.yaml:12:14: workload.1.clients: exactly one of arrivals, trace, clients is needed, found trace and clients'],
    // required, unique
    ['schema: corun/scenario@1\n', '', 's.yaml:1:1: missing field schema; write schema: corun/scenario@1'],
    ['schema: corun/scenario@1', 'schema: corun/scenario@2', 's.yaml:1:9: schema: found "corun/scenario@2", corun/scenario@1 is needed'],
    ['title: Two apps', 'title: a\ntitle: b', 's.yaml:3:1: not valid YAML: this field is there a second time'],
    ['app: batch', 'app: plants', 's.yaml:9:10: workload.1.app: a second app named plants, each needs a name of its own'],
    ['name: windows', 'name: corun', 's.yaml:19:13: alternatives.1.name: a second alternative named corun, each needs a name of its own'],
    ['min: 3', 'min: 30', 's.yaml:21:83: measure.replications.min: found 30, no more than max (9) is needed; raise max or lower min'],
    // what profiles know
    ['    model: resnet50', '    model: resnet', 's.yaml:6:12: workload.0.model: no profile knows the model "resnet"; did you mean resnet50? (known: resnet50, vgg16)'],
    ['    model: resnet50', '    site: egde\n    model: resnet50', 's.yaml:6:11: workload.0.site: there is no site "egde"; did you mean edge? (known: edge)'],
    ['    model: resnet50', '    site: edge\n    model: bert', 's.yaml:7:12: workload.0.model: no profile of site edge knows the model "bert" (known: resnet50, vgg16)'],
    ['{ model: resnet50, batch', '{ model: resnet5, batch', 's.yaml:16:22: retraining.model: no profile knows retraining "resnet5"; did you mean resnet50? (known: resnet50)'],
    ['batch: 16 }', 'batch: 32 }', 's.yaml:16:39: retraining.batch: no profile knows retraining resnet50 with batch 32; it was measured with batch 16'],
    ['toy.json', 'to.json', 's.yaml:15:31: sites.0.accelerators.0.profile: there is no file <dir>/to.json; the path is relative to the scenario'],
    [
      'profile: toy.json',
      'profile: { models: { resnet50: { solo_s: 3 } } }',
      's.yaml:15:55: sites.0.accelerators.0.profile.models.resnet50.solo_s: unknown field; did you mean solo_ms? (allowed: solo_ms, batches, spread, host_ms, after_idle, parts, memory_mib, accuracy, load_ms)',
    ],
    ['clients: { count: 4, think_ms: 5 }', 'trace: { format: corun-csv, file: no.csv }', 's.yaml:11:39: workload.1.trace.file: there is no file <dir>/no.csv; the path is relative to the scenario'],
    ['clients: { count: 4, think_ms: 5 }', 'trace: { fil: no.csv }', 's.yaml:11:14: workload.1.trace.fil: unknown field; did you mean file? (allowed: format, file, window, sample, scale_time, scale_rate, scale_burstiness)'],
    ['clients: { count: 4, think_ms: 5 }', 'trace: { formt: corun-azure }', 's.yaml:11:14: workload.1.trace.formt: unknown field; did you mean format?'],
    // settings of alternatives
    ['0.count: 2', '0.cuont: 2', 's.yaml:20:25: alternatives.2.set: sites.0.accelerators.0.cuont: unknown field; did you mean count? (allowed: name, profile, count, price_usd_per_hour)'],
    ['0.count: 2', '0.count: two', 's.yaml:20:25: alternatives.2.set: sites.0.accelerators.0.count: found "two", a whole number is needed, e.g. 1'],
    ['sites.0.acc', 'sites.1.acc', 's.yaml:20:25: alternatives.2.set: sites.1.accelerators.0.count: sites has 1 entry, 0'],
    ['sites.0.acc', 'sites.edge.acc', 's.yaml:20:25: alternatives.2.set: sites.edge: a list is here: the position of an entry is needed, from 0'],
    ['sites.0.accelerators.0.count: 2', 'measure.primary: gpus', 's.yaml:20:25: alternatives.2.set: measure.primary: all alternatives share measure; set it for the whole scenario instead'],
    // metrics that cannot be
    [
      ', price_usd_per_hour: 0.5',
      '',
      's.yaml:21:44: measure.metrics.0: this scenario cannot produce usd_per_million: no alternative has a price for each of its accelerators; set price_usd_per_hour',
    ],
    ['    slo_ms: 250\n', '', 's.yaml:20:21: measure.primary: this scenario cannot produce goodput_rps: no app has an SLO; set slo_ms for an app'],
  ])('%s → %s', async (from, to, message) => {
    expect(await told({ 's.yaml': changed(from, to) })).toBe(message);
  });
});

it('an epoch cannot be measured where nothing retrains', async () => {
  const never = changed('goodput_rps', 'epoch_s').replace('retraining: { model: resnet50, batch: 16 }\n', '').replace('retrain: { policy: windows, every_s: 100 }, ', '');
  expect(await told({ 's.yaml': never })).toBe(
    's.yaml:20:21: measure.primary: this scenario cannot produce epoch_s: no alternative retrains; add retraining: { model: … }, with a retrain policy other than never',
  );
});

it('streams that nothing ends are told apart from those that end by themselves', async () => {
  const endless = changed('duration_s: 60\n', '');
  expect(await told({ 's.yaml': endless })).toBe(
    's.yaml:7:15: workload.0.arrivals: this stream would never end; set duration_s for the scenario, or requests here\n' +
      's.yaml:10:14: workload.1.clients: these clients would ask forever; set duration_s for the scenario, or requests here',
  );
  const ended = endless.replace('cv: 2', 'cv: 2, requests: 10').replace('count: 4', 'count: 4, requests: 10');
  const directory = directoryOf({ 's.yaml': ended, 'toy.json': profile });
  expect(await resolveAlternatives(await loadScenario(`${directory}/s.yaml`))).toHaveLength(3);
});

it('nothing is cut from a recorded stream', async () => {
  const replayed = changed('clients: { count: 4, think_ms: 5 }', 'trace: { format: corun-azure }').replace('measure: {', 'measure: { warm_up: auto,');
  expect(await told({ 's.yaml': replayed })).toBe(
    's.yaml:21:21: measure.warm_up: nothing is cut from a recorded stream, and app batch replays one; write warm_up: none, or leave it out',
  );
});

it('mistakes are told all at once, in the order of the file, ten at most', async () => {
  const two = changed('slo_ms: 250', 'slo_s: 250').replace('seed: 7', 'seed: []').replace('count: 4', 'count: 0');
  expect((await told({ 's.yaml': two })).split('\n').map((line) => line.split(' ')[0])).toEqual(['s.yaml:7:5:', 's.yaml:11:23:', 's.yaml:22:7:']);
  const many = changed('title: Two apps', Array.from({ length: 14 }, (_, i) => `wrong${i}: 1`).join('\n'));
  const lines = (await told({ 's.yaml': many })).split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[10]).toBe('and 4 more');
});

it('mistakes in a profile are placed in the profile', async () => {
  const bad = profile.replace('"solo_ms": 20', '"solo_ms": "20ms"');
  expect(await told({ 's.yaml': scenario, 'toy.json': bad })).toBe('toy.json:5:68: models.vgg16.solo_ms: found "20ms", a number of milliseconds is needed, e.g. 20');
});

it.each([
  ['duration_s=1m', '--set: duration_s: found "1m", a number of seconds is needed, e.g. 60'],
  ['duration=1', '--set: duration: unknown field; did you mean duration_s? (allowed: schema, title, duration_s, workload, network, sites, repository, retraining, faults, supervision, extrapolation, route, select, dispatch, retrain, place, alternatives, measure, seed)'],
  ['workload.2.slo_ms=1', '--set: workload.2.slo_ms: workload has 2 entries, 0 to 1'],
  ['title.x=1', '--set: title.x: there are no fields inside this one'],
  ['duration_s', '--set duration_s: path=value is needed, for example --set sites.0.accelerators.0.count=2'],
])('--set %s', async (override, message) => {
  expect(await told({ 's.yaml': scenario }, [override])).toBe(message);
});

it.each([
  ['', 's.yaml:1:1: found nothing, an object like { schema: …, workload: …, sites: … } is needed'],
  ['- 1\n', 's.yaml:1:1: found a list, an object like { schema: …, workload: …, sites: … } is needed'],
  ['a: [1\n', 's.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
])('a file that is no scenario: %j', async (text, message) => {
  expect(await told({ 's.yaml': text })).toBe(message);
});

it('a file that is not there', async () => {
  expect(await told({})).toBe('s.yaml: the scenario cannot be read: there is no file <dir>/s.yaml');
});
