import { expect, it } from 'vitest';
import { runFit } from '../../src/calibration/run-fit.js';
import { compare } from '../../src/experiment/compare.js';
import { openPool } from '../../src/experiment/pool.js';
import { alternative } from '../simulator/alternative.js';
import { normal, normalQuantile } from '../../src/random/normal.js';
import { stream } from '../../src/random/stream.js';
import { csv, fileOf, HEAD, plainRows } from './files.js';

/** Rows of a training job beside 0 to `most` inferences: its epoch takes 1000 + 100 n ms, an inference 15 + 6 n. */
const withTraining = (most: number): string[] => {
  let at = 1e6;
  const jitter = (k: number) => 1 + 0.01 * (((k * 5) % 9) - 4);
  return Array.from({ length: most + 1 }, (_, n) => n).flatMap((n) => [
    ...Array.from({ length: 9 }, (_, k) => `r,t,${(at += 10)},training,cnn,train,${n},1,${((1000 + 100 * n) * jitter(k)).toFixed(2)}`),
    ...Array.from({ length: n }, (_, p) => p).flatMap((p) => Array.from({ length: 9 }, (_, k) => `r,${p},${(at += 10)},inference,cnn,train,${n},1,${((15 + 6 * n) * jitter(k + p)).toFixed(3)}`)),
  ]);
};

it('a fitted profile gives back in compare what the fit predicts: clients that ask without a pause, with and without training', { timeout: 60_000 }, async () => {
  const { result, profile } = await runFit(fileOf(csv([...plainRows(5), ...withTraining(4)])), { profileName: 'fitted' });
  const predicted = (inference: number, training: number): number => result.fit.rows.find((r) => r.workload === 'inference' && r.inference_jobs === inference && r.training_jobs === training)!.predicted_mean_ms;
  for (const [count, retraining] of [[1, undefined], [3, undefined], [5, undefined], [2, 'cnn'], [4, 'cnn']] as const) {
    const setup = alternative({
      workload: [{ app: 'a', stages: [{ model: 'cnn' }], clients: { count, think_ms: 0 } } as never],
      sites: profile!,
      durationS: 20,
      dispatch: { policy: 'fcfs', k: count },
      ...(retraining === undefined ? {} : { retraining }),
      measure: { replications: { min: 2, max: 2, relative_half_width: 0.5 }, parameter_draws: 8 },
    });
    const [{ metrics, refused }] = (await compare([setup], { scenario: 't', pool: openPool(1) })).comparison.alternatives;
    expect(refused, `${count} ${retraining}`).toBe(undefined);
    const { mean, interval95_model } = metrics.latency_mean_ms;
    // One factor for all numbers of inferences stands for training in a table: exact without it.
    expect(Math.abs(mean / predicted(count, retraining === undefined ? 0 : 1) - 1), `${count} ${retraining}`).toBeLessThan(retraining === undefined ? 0.01 : 0.06);
    expect(interval95_model![0]).toBeLessThan(mean);
    expect(interval95_model![1]).toBeGreaterThan(mean);
  }
});

it('claims a 95th percentile only of rows that are single requests, and states it as it is', async () => {
  const draw = stream(3, 'p95');
  const rows = (units: string) => [1, 2, 3, 4].flatMap((n) => Array.from({ length: 400 }, (_, i) => `r,${i % n},${i},inference,cnn,steady,${n},0,${(10 * n * Math.exp(0.2 * normal(draw))).toFixed(4)}${units}`));
  const single = (await runFit(fileOf(csv(rows(''))))).result.fit.rows;
  for (const r of single) {
    expect(r.predicted_p95_ms! / (10 * r.inference_jobs * Math.exp(0.2 * normalQuantile(0.95)))).toBeCloseTo(1, 1);
    expect(r.observed_p95_ms! / r.predicted_p95_ms!).toBeCloseTo(1, 1);
    expect(r.predicted_mean_ms / (10 * r.inference_jobs * Math.exp(0.02))).toBeCloseTo(1, 1);
  }
  const passes = (await runFit(fileOf(csv(rows(',5000'), `${HEAD},units`)))).result.fit.rows;
  for (const r of passes) expect(r).not.toHaveProperty('predicted_p95_ms');
});

it('open-loop probes beside training tell the wait for a slice, and become what idleness costs there; they are no part of the slowdowns', async () => {
  const draw = stream(9, 'slice');
  const head = `${HEAD},mode,offered_rps,training_model,training_batch`;
  const scatter = (): number => Math.exp(0.03 * normal(draw));
  const rows = [
    ...Array.from({ length: 60 }, (_, i) => `r,0,${i},inference,cnn,solo,1,0,${(10 * scatter()).toFixed(4)},closed,,,`),
    ...Array.from({ length: 200 }, (_, i) => `r,1,${i},inference,cnn,train,1,1,${(12 * scatter()).toFixed(4)},closed,,cnn,16`),
    ...Array.from({ length: 3000 }, (_, i) => `r,2,${200 * i},inference,cnn,train,1,1,${(12 * scatter() + (draw() < 0.5 ? 30 * draw() : 0)).toFixed(4)},open,5,cnn,16`),
    ...Array.from({ length: 12 }, (_, i) => `r,t,${i},training,cnn,train,0,1,${(900 * scatter()).toFixed(3)},closed,,cnn,16`),
    ...Array.from({ length: 12 }, (_, i) => `r,t,${100 + i},training,cnn,train,1,1,${(950 * scatter()).toFixed(3)},closed,,cnn,16`),
  ];
  const { result, profile } = await runFit(fileOf(csv(rows, head)), { profileName: 'fitted' });
  const [delay] = Object.values(result.added_delay!);
  expect(delay.busy).toBeCloseTo(0.5, 1);
  expect(delay.length_ms / 30).toBeCloseTo(1, 1);
  expect(delay.mean_ms).toBeCloseTo(7.5, 0);
  const { alone, beside_training: beside } = profile!.models.cnn.after_idle!;
  expect(alone).toBeUndefined();
  // Each finds its process idle for some 180 ms, so that nothing tells how fast it gets cold; only what it costs then.
  expect(beside!.processes).toEqual([1]);
  expect(beside!.added_ms[0] * (1 - Math.exp(-180 / beside!.cools_ms))).toBeCloseTo(7.5, 0);
  expect(profile!.training!.cnn).not.toHaveProperty('slice');
  expect((profile!.contention as { inference_beside_training: Record<string, number> }).inference_beside_training.cnn).toBeCloseTo(1.2, 1);
});
