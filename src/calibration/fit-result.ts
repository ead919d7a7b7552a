import type { IdleCost } from '../contention/fit/after-idle.js';
import { COMBINATION, predictWith, type ContentionFit } from '../contention/fit/fit.js';
import { groupName, isSolo, type GroupKey, type ObservedGroup } from '../contention/fit/group.js';
import { mape } from '../contention/fit/cross-validation.js';
import { sortedRows, weightedQuantile } from '../contention/fit/medians.js';
import { normalQuantile } from '../random/normal.js';
import { NEAREST, type Candidate, type Errors } from '../contention/fit/select.js';
import { intervalScore } from '../contention/fit/interval-score.js';
import { nearestLogMs } from '../contention/fit/nearest.js';

/** A measured group beside what was predicted for it. Times in ms. */
export interface FitRow {
  group: string;
  workload: 'inference' | 'training';
  phase?: string;
  inference_jobs: number;
  training_jobs: number;
  /** Whether a group of the fit had the same key. */
  seen_group: boolean;
  n: number;
  observed_ms: number;
  observed_mean_ms: number;
  predicted_ms: number;
  predicted_mean_ms: number;
  interval95_ms: [number, number];
  /** Of single requests: only where rows are single requests, and there are forty of them. */
  observed_p95_ms?: number;
  predicted_p95_ms?: number;
}

export interface Scored {
  mape?: number;
  skill?: number;
}

export interface FitResult {
  schema: 'corun/fit@1';
  files: string[];
  test_files: string[];
  rows: number;
  /** Name of the model, or `combination`: then `models` have weights. */
  selected: string;
  models: {
    name: string;
    role: 'candidate' | 'naive';
    weight: number;
    parameters?: Record<string, number>;
    rejected?: string;
    cross_validation?: Scored & { leave_one_out?: ScoredGroups; extrapolation?: ScoredGroups };
    test?: Scored & { rows: FitRow[] };
  }[];
  cross_validation?: Scored & { leave_one_out?: ScoredGroups; extrapolation?: ScoredGroups };
  fit: { rows: FitRow[] };
  test?: Scored & { rows: FitRow[]; inside_interval: number; co_run_groups: number; interval_score_percent: number };
  memory?: {
    fixed_mib: number;
    per_inference_mib?: number;
    per_training_mib?: number;
    /** What each further item of a batch takes, where different batches were measured. */
    per_inference_item_mib?: number;
    per_training_item_mib?: number;
    /** By number of inference processes from 0: the largest training batch that fits beside them. */
    training_batch_frontier?: number[];
    loading_peak_mib: number;
    max_inference_jobs?: number;
    max_training_jobs?: number;
    worst_percent: number;
  };
  beside_loading?: { factor: number; interval95: [number, number]; pairs: number };
  /** By class of the training job: the wait behind one of its slices, L = w + s L₀. */
  added_delay?: Record<string, { mean_ms: number; busy: number; length_ms: number; groups: number }>;
  /** By model: what an inference takes longer whose process was idle before it, alone and beside training. */
  after_idle?: Record<string, Partial<Record<'alone' | 'beside_training', { cools_ms: number; warms_ms: number; processes: number[]; added_ms: number[]; cv: number }>>>;
  spread: Record<string, { row: number; process: number; correlation: number; per_request: boolean }>;
  uncertainty: { inside: number; beyond_per_doubling: number; assumed: boolean; draws: number };
  not_identifiable: { model: string; needs: string }[];
  warnings: string[];
}

const stated = ({ coolsMs, warmsMs, processes, addedMs, cv }: IdleCost) => ({ cools_ms: coolsMs, warms_ms: warmsMs, processes, added_ms: addedMs, cv });

type ScoredGroups = Scored & { groups: number; unanswered: number };

/** Two rows beyond the 95th percentile. */
const FEWEST_FOR_P95 = 40;

/** What a fit found, as the document that `corun fit --format json` prints. @param test groups that the fit did not see */
export function fitResult(fit: ContentionFit, about: { files: string[]; testFiles: string[]; rows: number; warnings: readonly string[] }, test?: readonly ObservedGroup[]): FitResult {
  const { selection, predictor, memory } = fit;
  const rowsOf = (groups: readonly ObservedGroup[]): FitRow[] => groups.flatMap((g) => rowOf(fit, g, fit.predict(g, g.n, g.clusters.length)) ?? []);
  const measured = fit.points.map((p) => ({ key: p.key, logMs: p.logMs }));
  const scored = (rows: readonly FitRow[], groups: readonly ObservedGroup[]): Scored => {
    const coRun = rows.filter((r) => groups.some((g) => g.name === r.group && !isSolo(g)));
    const own = mape(coRun.map((r) => ({ predicted: Math.log(r.predicted_ms), observed: Math.log(r.observed_ms) })));
    const naive = mape(
      coRun.flatMap((r) => {
        const nearest = nearestLogMs(groups.find((g) => g.name === r.group)!, measured);
        return nearest === undefined ? [] : [{ predicted: nearest, observed: Math.log(r.observed_ms) }];
      }),
    );
    if (own === undefined) return {};
    return { mape: own, ...(naive === undefined || naive === 0 ? {} : { skill: 1 - own / naive }) };
  };
  const closedTest = test?.filter((g) => g.mode !== 'open');
  const testRows = closedTest && rowsOf(closedTest);
  const coRunRows = testRows?.filter((r) => r.inference_jobs + r.training_jobs > 1);
  const combination =
    fit.selected === COMBINATION
      ? [{ name: COMBINATION, role: 'candidate' as const, weight: 0, ...crossValidation(selection.combined), ...(testRows === undefined ? {} : { test: { ...scored(testRows, closedTest!), rows: testRows } }) }]
      : [];
  return {
    schema: 'corun/fit@1',
    files: about.files,
    test_files: about.testFiles,
    rows: about.rows,
    selected: fit.selected,
    models: [...combination, ...selection.candidates.map((c) => {
      const rows = closedTest?.flatMap((g) => rowOf(fit, g, predictWith(fit, c, g, g.n, g.clusters.length)) ?? []);
      return {
        name: c.name,
        role: c.role,
        weight: c.weight,
        ...(c.fitted === undefined ? {} : { parameters: { ...c.fitted.parameters } }),
        ...(c.rejected === undefined ? {} : { rejected: c.rejected }),
        ...crossValidation(c),
        ...(rows === undefined || c.needs !== undefined ? {} : { test: { ...scored(rows, closedTest!), rows } }),
      };
    })],
    ...crossValidation(selection.combined),
    fit: { rows: rowsOf(fit.points.map((p) => p.key as ObservedGroup)) },
    ...(testRows === undefined
      ? {}
      : { test: { ...scored(testRows, closedTest!), rows: testRows, inside_interval: coRunRows!.filter((r) => r.observed_ms >= r.interval95_ms[0] && r.observed_ms <= r.interval95_ms[1]).length, co_run_groups: coRunRows!.length, interval_score_percent: meanIntervalScore(coRunRows!) } }),
    ...(memory === undefined
      ? {}
      : {
          memory: {
            fixed_mib: memory.fixedMiB,
            per_inference_mib: memory.perInferenceMiB,
            per_training_mib: memory.perTrainingMiB,
            ...(memory.perInferenceItemMiB === undefined ? {} : { per_inference_item_mib: memory.perInferenceItemMiB }),
            ...(memory.perTrainingItemMiB === undefined ? {} : { per_training_item_mib: memory.perTrainingItemMiB }),
            ...(memory.trainingBatchFrontier === undefined ? {} : { training_batch_frontier: memory.trainingBatchFrontier }),
            loading_peak_mib: memory.loadingPeakMiB,
            max_inference_jobs: memory.maxInferenceJobs,
            max_training_jobs: memory.maxTrainingJobs,
            worst_percent: memory.worstPercent,
          },
        }),
    ...(fit.besideLoading === undefined ? {} : { beside_loading: fit.besideLoading }),
    ...(fit.addedDelays.size === 0 ? {} : { added_delay: Object.fromEntries([...fit.addedDelays].map(([name, d]) => [name, { mean_ms: d.meanMs, busy: d.busy, length_ms: d.lengthMs, groups: d.groups }])) }),
    ...(fit.afterIdle.size === 0 ? {} : { after_idle: Object.fromEntries([...fit.afterIdle].map(([name, costs]) => [name, { ...(costs.alone && { alone: stated(costs.alone) }), ...(costs.besideTraining && { beside_training: stated(costs.besideTraining) }) }])) }),
    spread: Object.fromEntries(
      (['inference', 'training'] as const).flatMap((workload) => {
        const own = fit.points.filter((p) => p.key.workload === workload);
        return own.length === 0 ? [] : [[workload, { ...fit.spread[workload], per_request: fit.blockMs === undefined && own.every((p) => (p.key.units ?? 1) === 1 && (p.key.batch ?? 1) === 1) }]];
      }),
    ),
    uncertainty: { inside: predictor.discrepancy.inside, beyond_per_doubling: predictor.discrepancy.beyond * Math.LN2, assumed: predictor.discrepancy.assumed, draws: predictor.draws.length },
    not_identifiable: fit.notIdentifiable,
    warnings: [...about.warnings, ...fit.warnings, ...(closedTest === undefined ? [] : strangers(fit, closedTest))],
  };
}

function crossValidation(c: Pick<Candidate, 'crossValidation' | 'leaveOneOut' | 'extrapolation'>): { cross_validation?: FitResult['cross_validation'] } {
  if (c.crossValidation === undefined) return {};
  const errors = (e: Errors): ScoredGroups => ({ mape: e.mape, ...(e.skill === undefined ? {} : { skill: e.skill }), groups: e.n, unanswered: e.unanswered });
  const { mape: error, skill } = c.crossValidation;
  return {
    cross_validation: {
      mape: error,
      ...(skill === undefined ? {} : { skill }),
      ...(c.leaveOneOut === undefined ? {} : { leave_one_out: errors(c.leaveOneOut) }),
      ...(c.extrapolation === undefined ? {} : { extrapolation: errors(c.extrapolation) }),
    },
  };
}

function rowOf(fit: ContentionFit, g: ObservedGroup, prediction: { ms: number; interval95Ms: [number, number] } | undefined): FitRow | undefined {
  if (prediction === undefined) return undefined;
  const { ms, rows } = sortedRows(g);
  // Rows scatter to the right: the mean lies above the median by what it does for lognormal values of the fitted spread.
  const { row, process } = fit.spread[g.workload];
  // A pass over thousands of images says nothing of the tail of a single request.
  const perRequest = fit.blockMs === undefined && g.workload === 'inference' && (g.units ?? 1) === 1 && g.n >= FEWEST_FOR_P95;
  return {
    group: g.name,
    workload: g.workload,
    ...(g.phase === undefined ? {} : { phase: g.phase }),
    inference_jobs: g.inferenceJobs,
    training_jobs: g.trainingJobs,
    seen_group: fit.points.some((p) => groupName(p.key) === g.name),
    n: g.n,
    observed_ms: weightedQuantile(ms, rows),
    observed_mean_ms: g.meanMs,
    predicted_ms: prediction.ms,
    predicted_mean_ms: prediction.ms * Math.exp((row * row + process * process) / 2),
    interval95_ms: prediction.interval95Ms,
    ...(perRequest ? { observed_p95_ms: weightedQuantile(ms, rows, 0.95), predicted_p95_ms: prediction.ms * Math.exp(normalQuantile(0.95) * Math.sqrt(row * row + process * process)) } : {}),
  };
}

/** Groups that the selected model had no answer for. */
function strangers(fit: ContentionFit, test: readonly GroupKey[]): string[] {
  const unknown = test.filter((g) => fit.predictor.logMs(fit.situation(g)) === undefined).map(groupName);
  if (unknown.length === 0) return [];
  return [`The model cannot say anything about ${unknown.length} test ${unknown.length === 1 ? 'group' : 'groups'}, whose classes were not fitted; ${NEAREST} stands in: ${unknown.slice(0, 4).join('; ')}${unknown.length > 4 ? ' and others' : ''}.`];
}

/** Mean interval score of the logarithms of the medians, times 100: about the width of the intervals in percent, where they hold. */
function meanIntervalScore(rows: readonly FitRow[]): number {
  return (100 * rows.reduce((sum, r) => sum + intervalScore(Math.log(r.observed_ms), [Math.log(r.interval95_ms[0]), Math.log(r.interval95_ms[1])]), 0)) / Math.max(1, rows.length);
}
