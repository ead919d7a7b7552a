import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { appMetricsOf, metricsOf, type MetricValues } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import { metricNames, metrics } from '../../src/scenario/metrics.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { directoryOf } from '../scenario/files.js';
import { alternative, profileOf, type Setup } from '../simulator/alternative.js';

/** One GPU, 100 ms each, requests at 0, 50, 300, 320, 340, 990 ms, an SLO of 150 ms, one at a time, a window of one second. */
function worked(change: Partial<Setup> = {}): ResolvedAlternative {
  const directory = directoryOf({ 'six.csv': 'time_ms,app\n0,a\n50,a\n300,a\n320,a\n340,a\n990,a\n' });
  return alternative({
    workload: [{ app: 'a', stages: [{ model: 'm' }], slo_ms: 150, trace: { format: 'corun-csv', file: resolve(directory, 'six.csv') } }],
    sites: profileOf({ solo_ms: 100 }, { training: { t: { batch: 16, epoch_s: 0.25 } } }),
    durationS: 1,
    ...change,
  });
}

async function valuesOf(setup: ResolvedAlternative): Promise<MetricValues> {
  const { measured, refused } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  if (measured === undefined) throw new Error(refused);
  return metricsOf(measured, setup);
}

it('a trace worked by hand', async () => {
  // Answers at 100, 200, 400, 500, 600, 1090 ms: latencies 100, 150, 100, 180, 260, 100. In time: 100, 150 (just), 100, 100 → 4 of 6.
  const values = await valuesOf(worked());
  expect(values.throughput_rps).toBe(5); // the last one is answered after the window
  expect(values.goodput_rps).toBe(4); // by birth, so the last one counts
  expect(values.slo_attainment).toBeCloseTo(4 / 6, 12);
  expect(values.latency_mean_ms).toBeCloseTo(890 / 6, 9);
  expect(values.gpu_utilisation).toBeCloseTo(0.51, 12); // 0–200, 300–600, 990–1000
  expect(values).toMatchObject({ rejected_share: 0, failed_share: 0, unfinished_share: 0, oom_events: 0, gpus: 1 });
  // Percentiles are those of the histogram, whose bins are at most 1 % wide.
  for (const [name, truth] of [['latency_p50_ms', 100], ['latency_p95_ms', 260], ['latency_p99_ms', 260]] as const) {
    expect(values[name]! / truth, name).toBeGreaterThan(0.99);
    expect(values[name]! / truth, name).toBeLessThan(1.01);
  }
});

it('prices: all accelerators over the window, per million answers', async () => {
  const setup = worked({ sites: [worked().accelerators[0].profile, worked().accelerators[0].profile] });
  setup.accelerators.forEach((a, i) => (a.priceUsdPerHour = 0.36 * (i + 1)));
  const values = await valuesOf(setup);
  expect(values.gpus).toBe(2);
  // 1.08 USD an hour are 0.0003 USD a second, for 5 answers a second.
  expect(values.throughput_rps).toBe(5);
  expect(values.usd_per_million).toBeCloseTo(60, 9);
  setup.accelerators[0].priceUsdPerHour = undefined;
  expect(await valuesOf(setup)).not.toHaveProperty('usd_per_million');
});

it('epochs: the window over the epochs in it, fractions included', async () => {
  // Neighbours are for free here, so that 4 epochs of 0.25 s fit into the second.
  const values = await valuesOf(worked({ retraining: 't' }));
  expect(values.epoch_s).toBeCloseTo(0.25, 12);
  expect(values.gpu_utilisation).toBeCloseTo(1, 12);
  // Paused for half of the time, an epoch takes twice as long.
  const paused = await valuesOf(worked({ retraining: 't', retrain: { policy: 'windows', every_s: 0.5, for_s: 0.25 } }));
  expect(paused.epoch_s).toBeCloseTo(0.5, 12);
});

it('turned away, failed and unfinished requests have shares, and miss their SLO', async () => {
  const rejecting = await valuesOf(worked({ dispatch: { policy: 'fcfs', queue_limit: 0 } }));
  // 50, 320 and 340 come while the worker is busy.
  expect(rejecting).toMatchObject({ rejected_share: 0.5, slo_attainment: 0.5, throughput_rps: 2, goodput_rps: 3 });
  const unfinished = await valuesOf(worked({ measure: { drain_s: 0.05 } }));
  expect(unfinished.unfinished_share).toBeCloseTo(1 / 6, 12);
  expect(unfinished.slo_attainment).toBeCloseTo(3 / 6, 12);
  // Room for one worker: those at 50, 320 and 340 find it busy, their process dies twice each.
  const narrow = profileOf({ solo_ms: 100, memory_mib: 1000, load_ms: 10 }, { accelerator: { name: 'narrow', memory_mib: 1500 } });
  const failing = await valuesOf(worked({ sites: narrow, dispatch: 'unlimited' }));
  expect(failing).toMatchObject({ failed_share: 0.5, oom_events: 6, slo_attainment: 0.5 });
});

it('what a scenario cannot produce is absent, never zero', async () => {
  const bare = worked();
  delete bare.scenario.workload[0].slo_ms;
  const values = await valuesOf(bare);
  for (const name of ['goodput_rps', 'slo_attainment', 'epoch_s', 'usd_per_million']) expect(values).not.toHaveProperty(name);
  const nobody = await valuesOf(worked({ dispatch: 'reject-all' }));
  for (const name of ['latency_mean_ms', 'latency_p50_ms', 'latency_p95_ms', 'latency_p99_ms']) expect(nobody).not.toHaveProperty(name);
  expect(nobody).toMatchObject({ throughput_rps: 0, goodput_rps: 0, slo_attainment: 0, rejected_share: 1 });
  expect(await valuesOf(worked({ retraining: 't', retrain: 'never' }))).not.toHaveProperty('epoch_s');
});

it('every name is one of the published ones', async () => {
  const power = { accelerator: { name: 'gpu', memory_mib: 1000, power: { active: [0], mean_w: [20] } } };
  const workload = [worked().scenario.workload[0], { ...worked().scenario.workload[0], app: 'b', trace: undefined, arrivals: { process: 'even', rate_rps: 5 } }];
  const setup = worked({ workload, sites: profileOf({ solo_ms: 100, accuracy: 0.9 }, { ...power, training: { t: { batch: 16, epoch_s: 0.25 } } }), retraining: 't' });
  setup.accelerators[0].priceUsdPerHour = 1;
  expect(Object.keys(await valuesOf(setup)).sort()).toEqual(metricNames.filter((name) => !['learning', 'device', 'duplicates'].includes((metrics[name] as { needs?: string }).needs ?? '')).sort());
});

it('apps have metrics of their own, and the whole is their sum or their union', async () => {
  const setup = worked({ sites: profileOf({ solo_ms: 100 }) });
  setup.scenario.workload.push({ app: 'b', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 2, requests: 2 } });
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  const apps = appMetricsOf(measured!, setup);
  const all = metricsOf(measured!, setup);
  expect(Object.keys(apps)).toEqual(['a', 'b']);
  expect(all.throughput_rps).toBeCloseTo(apps.a.throughput_rps! + apps.b.throughput_rps!, 12);
  expect(apps.b).not.toHaveProperty('slo_attainment');
  expect(all.slo_attainment).toBe(apps.a.slo_attainment);
});

it('energy: the power curve over the window, idling and retraining included, per answer', async () => {
  const curve = { accelerator: { name: 'gpu', memory_mib: 1000, power: { active: [0, 1, 2], mean_w: [20, 100, 150] } } };
  // Busy for 0.51 s of the second at 100 W, else idle at 20 W: 51 + 9.8 J for 5 answers.
  const setup = worked({ sites: profileOf({ solo_ms: 100 }, curve) });
  expect((await valuesOf(setup)).energy_j_per_request).toBeCloseTo(60.8 / 5, 9);
  // With a job that always trains: 0.51 s with both at 150 W, else 100 W.
  const training = worked({ sites: profileOf({ solo_ms: 100 }, { ...curve, training: { t: { batch: 16, epoch_s: 0.25 } } }), retraining: 't' });
  expect((await valuesOf(training)).energy_j_per_request).toBeCloseTo((0.51 * 150 + 0.49 * 100) / 5, 9);
  // A lost accelerator takes nothing: 400 ms less of idling, from 600 on, and what comes at 990 is not begun.
  const lost = worked({ sites: profileOf({ solo_ms: 100 }, curve), faults: [{ kind: 'lose accelerator', when: { atMs: 600 } }], measure: { drain_s: 0 } });
  expect((await valuesOf(lost)).energy_j_per_request).toBeCloseTo((50 + 2) / 5, 9);
  expect(await valuesOf(worked())).not.toHaveProperty('energy_j_per_request');
});

it('fairness: Jain’s index over the apps’ shares in time', async () => {
  const two = (slo: number) =>
    worked({
      workload: [worked().scenario.workload[0], { ...worked().scenario.workload[0], app: 'b', slo_ms: slo, arrivals: { process: 'even', rate_rps: 1, requests: 1 }, trace: undefined }],
    });
  // App a has 4 of 6 in time; app b all of its one request (at 1000, behind the one of 990), or none.
  const served = 4 / 6;
  expect((await valuesOf(two(500))).fairness_jain).toBeCloseTo((served + 1) ** 2 / (2 * (served ** 2 + 1)), 12);
  expect((await valuesOf(two(1))).fairness_jain).toBeCloseTo(1 / 2, 12);
  expect(await valuesOf(worked())).not.toHaveProperty('fairness_jain');
});

it('recovery: how long the users feel a fault', async () => {
  const setup = alternative({
    workload: [{ app: 'a', stages: [{ model: 'm' }], slo_ms: 50, arrivals: { process: 'even', rate_rps: 10 } }],
    sites: profileOf({ solo_ms: 10 }),
    durationS: 20,
  });
  expect((await valuesOf(setup)).recovery_s).toBe(0);
  // Gone from 5 s to 8 s: 30 requests wait, which takes 0.33 s to clear at 100 a second while 10 come.
  setup.scenario.faults = [{ kind: 'lose accelerator', when: { atMs: 5010 }, lasts: { forMs: 3000 } }];
  expect((await valuesOf(setup)).recovery_s).toBe(4);
});
