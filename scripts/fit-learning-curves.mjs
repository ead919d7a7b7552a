// Fits learning curves by configuration, epoch times and start costs; makes calibration/learning/ekya-resnet.json.
// Usage: node scripts/fit-learning-curves.mjs [MEASUREMENTS.csv] [--out FILE]      after `npm run build`
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { Matrix, solve } from 'ml-matrix';
import { trainedAccuracy } from '../dist/learning/accuracy.js';
import { configurationKey, curveOf } from '../dist/learning/configured-curve.js';

const args = process.argv.slice(2);
const outAt = args.indexOf('--out');
const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const out = outAt < 0 ? inRepository('calibration/learning/ekya-resnet.json') : args.splice(outAt, 2)[1];
const file = args[0] ?? inRepository('../shared/data/gpu-contention/retraining-configurations.csv');

const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/).map((line) => line.split(','));
const rows = lines.map((cells) => {
  const of = (name) => cells[header.indexOf(name)];
  const configuration = { network: of('network'), batch: +of('batch_size'), dataFraction: +of('data_fraction'), frozenLayers: +of('frozen_layers') };
  return { configuration, key: configurationKey(configuration), epochs: +of('epochs'), accuracy: +of('first_task_test_accuracy'), epochS: +of('median_epoch_s'), besideTrainingS: of('first_task_total_s') - of('first_task_train_s') };
});
const distinct = (values) => [...new Set(values)];
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const rounded = (value) => Number(value.toPrecision(5));
const NETWORKS = distinct(rows.map((r) => r.configuration.network));
const FROZEN = distinct(rows.map((r) => r.configuration.frozenLayers));
const hull = (of) => [Math.min(...rows.map(of)), Math.max(...rows.map(of))];
const keys = distinct(rows.map((r) => r.key));

/** One number of the flat list that the solver knows per effect; the first network and number of frozen layers have the effect 0. */
function effects([intercept, network, frozen1, frozen2, log2Batch, log2Fraction]) {
  const frozen = [0, frozen1, frozen2];
  return { intercept, network: { [NETWORKS[0]]: 0, [NETWORKS[1]]: network }, frozenLayers: Object.fromEntries(FROZEN.map((f, i) => [f, frozen[i]])), log2Batch, log2Fraction };
}
const curvesOf = (p, ceilingOffset = {}) => ({ start: p[0], ceiling: effects(p.slice(1, 7)), halfGapEpochs: effects(p.slice(7, 13)), ceilingOffset });
const accuracyBy = (curves, { configuration, epochs }) => {
  const { start, ceiling, halfGapEpochs } = curveOf(curves, configuration);
  return trainedAccuracy(start, ceiling, epochs, halfGapEpochs);
};

/** What all configurations share: nonlinear least squares (Levenberg–Marquardt). */
function shared(of) {
  const fit = levenbergMarquardt({ x: of.map((_, i) => i), y: of.map((r) => r.accuracy) }, (p) => { const curves = curvesOf(p); return (i) => accuracyBy(curves, of[i]); }, {
    initialValues: [0.2, 1, 0, 0, 0, 0, 0.3, 2, 0, 0, 0, 0.5, -0.5],
    minValues: [0, -5, -3, -3, -3, -2, -2, -3, -4, -4, -4, -3, -3],
    maxValues: [0.6, 6, 3, 3, 3, 2, 2, 8, 4, 4, 4, 3, 3],
    damping: 0.01, gradientDifference: 1e-4, centralDifference: true, maxIterations: 300, errorTolerance: 1e-9,
  });
  return fit.parameterValues;
}

/**
 * Offsets of the ceiling by configuration, as random effects u ~ N(0, τ²): residuals are z u + noise, z being the part of the gap that has
 * closed. σ²/τ² is that of the greatest marginal likelihood on a grid (empirical Bayes), u its posterior mean (ridge).
 */
function pooled(p, of) {
  const curves = curvesOf(p);
  const groups = distinct(of.map((r) => r.key)).map((key) => {
    const own = of.filter((r) => r.key === key);
    const { halfGapEpochs } = curveOf(curves, own[0].configuration);
    const z = own.map((r) => trainedAccuracy(0, 1, r.epochs, halfGapEpochs));
    const residuals = own.map((r) => r.accuracy - accuracyBy(curves, r));
    const sum = (f) => z.reduce((total, value, i) => total + f(value, residuals[i]), 0);
    return { key, n: own.length, zz: sum((v) => v * v), zr: sum((v, r) => v * r), rr: sum((_, r) => r * r) };
  });
  const n = of.length;
  let best = { fit: -Infinity, ridge: 0, sigma2: 0 };
  for (let step = -40; step <= 40; step++) {
    const ridge = Math.exp(step * 0.14);
    const sigma2 = groups.reduce((total, g) => total + g.rr - (g.zr * g.zr) / (g.zz + ridge), 0) / n;
    const fit = -n * Math.log(sigma2) - groups.reduce((total, g) => total + Math.log(1 + g.zz / ridge), 0);
    if (fit > best.fit) best = { fit, ridge, sigma2 };
  }
  return { ...best, offsets: Object.fromEntries(groups.map((g) => [g.key, rounded(g.zr / (g.zz + best.ridge))])) };
}

/** Mean absolute error over rows, each predicted from the rows that `keep` lets see. */
function heldOut(folds, predictFrom, of = (r) => r.accuracy, relative = false) {
  const errors = folds.flatMap((fold) => {
    const predict = predictFrom(rows.filter((r) => !fold.includes(r)));
    return fold.map((r) => Math.abs(predict(r) - of(r)) / (relative ? of(r) : 1));
  });
  return mean(errors);
}
/** Every configuration is left out once, with its three numbers of epochs: six at a time, unlike each other. */
const FOLDS = 9;
const configurationFolds = Array.from({ length: FOLDS }, (_, fold) => rows.filter((r) => (keys.indexOf(r.key) + Math.floor(keys.indexOf(r.key) / FOLDS)) % FOLDS === fold));
/** Every row is left out once, while the configuration's other numbers of epochs stay. */
const epochFolds = [0, 1, 2].map((k) => rows.filter((r) => [5, 10, 50].indexOf(r.epochs) === (k + keys.indexOf(r.key)) % 3));
const distance = (a, b) =>
  (a.configuration.network === b.configuration.network ? 0 : 1) + Math.abs(FROZEN.indexOf(a.configuration.frozenLayers) - FROZEN.indexOf(b.configuration.frozenLayers)) +
  Math.abs(Math.log2(a.configuration.batch / b.configuration.batch)) + Math.abs(Math.log2(a.configuration.dataFraction / b.configuration.dataFraction)) + Math.abs(Math.log2(a.epochs / b.epochs));
const naive = {
  overall_mean: (seen) => { const m = mean(seen.map((r) => r.accuracy)); return () => m; },
  nearest_configuration: (seen) => (row) => seen.reduce((best, r) => (distance(r, row) < distance(best, row) ? r : best)).accuracy,
};
const byShared = (seen) => { const curves = curvesOf(shared(seen)); return (row) => accuracyBy(curves, row); };
const byPooled = (seen) => { const p = shared(seen); const curves = curvesOf(p, pooled(p, seen).offsets); return (row) => accuracyBy(curves, row); };

/** Least squares of the relative error. */
function relativeLeastSquares(design, y) {
  const A = new Matrix(design.map((row, i) => row.map((v) => v / y[i])));
  return solve(A, Matrix.columnVector(y.map(() => 1)), true).to1DArray();
}
const lineKey = ({ configuration: c }) => `${c.network}/batch${c.batch}/frozen${c.frozenLayers}`;
const epochLines = (seen) =>
  Object.fromEntries(distinct(rows.map(lineKey)).map((key) => {
    const own = seen.filter((r) => lineKey(r) === key);
    const [fixed, perFraction] = relativeLeastSquares(own.map((r) => [1, r.configuration.dataFraction]), own.map((r) => r.epochS));
    return [key, { fixed_s: rounded(fixed), per_data_fraction_s: rounded(perFraction) }];
  }));
const epochSBy = (linesOf) => (row) => linesOf[lineKey(row)].fixed_s + linesOf[lineKey(row)].per_data_fraction_s * row.configuration.dataFraction;

const besideDesign = (r) => [1, r.configuration.dataFraction, r.epochs];
const besideOf = (seen) => Object.fromEntries(NETWORKS.map((network) => {
  const own = seen.filter((r) => r.configuration.network === network);
  return [network, relativeLeastSquares(own.map(besideDesign), own.map((r) => r.besideTrainingS))];
}));
const besideBy = (fit) => (r) => besideDesign(r).reduce((sum, v, i) => sum + v * fit[r.configuration.network][i], 0);

const p = shared(rows).map(rounded);
const { offsets, ridge, sigma2 } = pooled(p, rows);
const curves = curvesOf(p, offsets);
const beside = besideOf(rows);
const snake = ({ intercept, network, frozenLayers, log2Batch, log2Fraction }) => ({ intercept, network, frozen_layers: frozenLayers, log2_batch_over_32: log2Batch, log2_data_fraction: log2Fraction });

const written = {
  schema: 'corun/learning-curves@1',
  about: 'Accuracy, epoch time and start cost of retraining ResNet18 and ResNet50, by configuration. docs/learning.md tells how they were fitted.',
  source: 'retraining-configurations.csv: 162 runs of Ekya’s authors (Bhardwaj et al., NSDI 2022), fitted by `npm run learning-curves`',
  domain: { data_fraction: hull((r) => r.configuration.dataFraction), epochs: hull((r) => r.epochs), batch: hull((r) => r.configuration.batch) },
  start_accuracy: curves.start,
  logit_ceiling: snake(curves.ceiling),
  log2_half_gap_epochs: snake(curves.halfGapEpochs),
  ceiling_offset: offsets,
  epoch_time: epochLines(rows),
  start_s_at_most: Object.fromEntries(NETWORKS.map((n) => [n, rounded(beside[n][0])])),
  beside_training: Object.fromEntries(NETWORKS.map((n) => [n, { fixed_s: rounded(beside[n][0]), per_data_fraction_s: rounded(beside[n][1]), per_epoch_s: rounded(beside[n][2]) }])),
  errors: {
    accuracy_noise_sd: rounded(Math.sqrt(sigma2)),
    accuracy_between_configurations_sd: rounded(Math.sqrt(sigma2 / ridge)),
    accuracy_in_sample_mae: rounded(mean(rows.map((r) => Math.abs(accuracyBy(curves, r) - r.accuracy)))),
    accuracy_configurations_left_out_mae: rounded(heldOut(configurationFolds, byShared)),
    accuracy_configurations_left_out_overall_mean_mae: rounded(heldOut(configurationFolds, naive.overall_mean)),
    accuracy_configurations_left_out_nearest_mae: rounded(heldOut(configurationFolds, naive.nearest_configuration)),
    accuracy_epochs_left_out_shared_mae: rounded(heldOut(epochFolds, byShared)),
    accuracy_epochs_left_out_pooled_mae: rounded(heldOut(epochFolds, byPooled)),
    epoch_s_configurations_left_out_mape: rounded(heldOut(configurationFolds, (seen) => epochSBy(epochLines(seen)), (r) => r.epochS, true)),
    beside_training_configurations_left_out_mape: rounded(heldOut(configurationFolds, (seen) => besideBy(besideOf(seen)), (r) => r.besideTrainingS, true)),
  },
};
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `${JSON.stringify(written, null, 2)}\n`);
console.log(`${out}\n${JSON.stringify(written.errors, null, 2)}`);
