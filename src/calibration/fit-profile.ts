import type { ContentionFit } from '../contention/fit/fit.js';
import { isSolo, type GroupKey } from '../contention/fit/group.js';
import type { Sayings } from '../contention/fit/predictor.js';
import { observedClass, type Situation } from '../contention/fit/situation.js';
import { InputError } from '../input/error.js';
import { anchored, offBy, type Off } from './anchored.js';
import { checkProfile, type NamedProfile } from '../profile/load.js';
import type { FitResult } from './fit-result.js';
import { mixProfile } from './mix-profile.js';
import { acceleratorOf, afterIdleOf, batchesOf, DRAWS, partsOf, rounded, sourceOf, spreadOf, trainingNames, turnsOf } from './profile-parts.js';

/**
 * A profile from a fit: times alone, memory, and the fitted slowdowns as a `table` with one entry for every number of jobs up to the
 * most that was measured, so that the simulator gets exactly what the fit says, and labels what lies beyond as outside.
 *
 * Several inference models make a `mix` instead: see `mixProfile`.
 *
 * @throws InputError if no inference was measured, or one with several shares of the accelerator
 */
export function fitProfile(fit: ContentionFit, result: FitResult, name: string): NamedProfile {
  const keys = fit.points.map((p) => p.key);
  const timed = keys.filter((k) => k.workload === 'inference');
  if (timed.length === 0) throw new InputError('--profile: no inference was measured, and a profile needs the time of one');
  if (new Set(timed.map((k) => k.model)).size > 1) return mixProfile(fit, result, name);
  // Co-runs of one batch size make the curve; other sizes are timed alone.
  const batches = [...new Set(timed.map((k) => k.batch ?? 1))].sort((a, b) => a - b);
  const inference = timed.filter((k) => (k.batch ?? 1) === batches[0]);
  const classes = [...new Set(inference.map(observedClass))];
  if (classes.length > 1) throw new InputError(`--profile: a table has one curve for the inference model, and it was measured with several shares of the accelerator (${classes.join(', ')}). Fit them one by one: split the file by share_percent`);
  const bases = [...new Set(inference.map((k) => k.units ?? 1))];
  const largest = inference.reduce((most, k) => Math.max(most, k.inferenceJobs), 1);
  const solo = inference.filter((k) => isSolo(k));
  const unitsKey = solo.find((k) => (k.units ?? 1) === 1) ?? solo[0] ?? inference[0];
  const alone = (key: GroupKey): Situation => ({ ...fit.situation(key), neighbours: [], inferenceNeighbours: 0 });
  const beside = (key: GroupKey, n: number): Situation => ({ ...alone(key), inferenceNeighbours: n, neighbours: n === 0 ? [] : [{ class: key.workload === 'inference' ? observedClass(key) : classes[0], count: n }] });
  const fitted = anchored(fit);
  const soloLog = fitted.logMs(alone(unitsKey));
  if (soloLog === undefined) throw new InputError('--profile: the time of an inference alone is not known; measure one job without neighbours');

  const slowdownBy =
    (says: Sayings, off: Off = () => 0) =>
    (key: GroupKey, situation: Situation): number | undefined => {
      const [a, b] = [says.logSlowdown(alone(key)), says.logSlowdown(situation)];
      if (a === undefined || b === undefined) return undefined;
      return situation.neighbours.length === 0 ? 1 : rounded(Math.exp(b - a + off(situation)));
    };
  const slowdown = slowdownBy(fitted);
  const jobs = Array.from({ length: largest }, (_, i) => i + 1);
  const curveOf = (by: typeof slowdown) => jobs.map((n) => by(unitsKey, beside(unitsKey, n - 1)));
  const curve = curveOf(slowdown);
  const known = curve.findIndex((s) => s === undefined);
  const measured = known < 0 ? largest : known;

  const batch = unitsKey.batch ?? 1;
  const perRequestMs = Math.exp(soloLog) / (unitsKey.units ?? 1) / (unitsKey.units === undefined ? 1 : batch);
  const mean = Math.exp((fit.spread.inference.row * fit.spread.inference.row) / 2);
  const training = trainings(fit, slowdown, beside);
  const { memory } = result;
  const table = (slowdowns: readonly (number | undefined)[], besideTraining: Trainings['beside'], curves: Trainings['curves']) => ({
    model: 'table' as const,
    inference: { jobs: jobs.slice(0, measured), slowdown: slowdowns as number[] },
    ...(Object.keys(besideTraining).length === 0 ? {} : { inference_beside_training: besideTraining }),
    ...(Object.keys(curves).length === 0 ? {} : { training: curves }),
    ...(result.beside_loading === undefined ? {} : { beside_loading: rounded(Math.max(1, result.beside_loading.factor)) }),
  });
  const uncertainty = Array.from({ length: Math.min(DRAWS, fit.predictor.draws.length) }, (_, b) => {
    const says = anchored(fit, b);
    const drawn = slowdownBy(says, offBy(fit, b));
    const { beside: drawnBeside, curves: drawnCurves } = trainings(fit, drawn, beside);
    const drawnAlone = says.logMs(alone(unitsKey));
    return {
      time: {
        [`inference:${unitsKey.model}`]: drawnAlone === undefined ? 1 : rounded(Math.exp(drawnAlone - soloLog)),
        ...Object.fromEntries(training.alone.flatMap(({ name, situation, log }) => {
          const other = says.logMs(situation);
          return other === undefined ? [] : [[`training:${name}`, rounded(Math.exp(other - log))]];
        })),
      },
      contention: table(curveOf(drawn).slice(0, measured), drawnBeside, drawnCurves),
    };
  });
  const profile = {
    schema: 'corun/profile@1',
    name,
    ...acceleratorOf(fit, result, name),
    source: sourceOf(fit, result),
    assumptions: [
      ...(unitsKey.units !== undefined && unitsKey.units !== 1 ? [`What was timed has ${unitsKey.units} units of work; a request is one of them, and takes its share. Nothing was measured of the spread of single requests, so it is left out.`] : []),
      ...(bases.length > 1 ? [`Times alone are those of rows with ${unitsKey.units ?? 1} units; slowdowns are those of all.`] : []),
      ...training.notes,
      ...result.warnings.filter((w) => !w.includes('.csv')),
    ],
    models: {
      [unitsKey.model]: {
        solo_ms: rounded(perRequestMs * mean),
        ...batchesOf(fit, timed, mean),
        ...((unitsKey.units ?? 1) === 1 ? spreadOf(fit, unitsKey.model) : {}),
        ...((unitsKey.units ?? 1) === 1 && isSolo(unitsKey) ? partsOf(fit, unitsKey) : {}),
        ...afterIdleOf(fit, unitsKey.model),
        ...(memory?.per_inference_mib === undefined ? {} : { memory_mib: rounded(Math.max(0, memory.per_inference_mib)) }),
      },
    },
    ...(Object.keys(training.entries).length === 0 ? {} : { training: training.entries }),
    contention: table(curve.slice(0, measured), training.beside, training.curves),
    ...turnsOf(fit),
    ...(uncertainty.length < 2 ? {} : { uncertainty: { draws: uncertainty } }),
  };
  const checked = checkProfile(profile, [], name);
  if (checked.issues.length > 0) throw new Error(`the fitted profile is not one: ${checked.issues.map((i) => `${i.path.join('.')}: ${i.sentence}`).join('; ')}`);
  return checked.profile;
}

interface Trainings {
  /** Those whose time alone was measured. */
  alone: { name: string; situation: Situation; log: number }[];
  entries: Record<string, { batch: number; epoch_s: number; memory_mib?: number }>;
  beside: Record<string, number>;
  curves: Record<string, { jobs: number[]; slowdown: number[] }>;
  notes: string[];
}

function trainings(fit: ContentionFit, slowdown: (key: GroupKey, s: Situation) => number | undefined, beside: (key: GroupKey, n: number) => Situation): Trainings {
  const out: Trainings = { alone: [], entries: {}, beside: {}, curves: {}, notes: [] };
  const keys = fit.points.map((p) => p.key);
  const nameOf = trainingNames(fit);
  for (const key of keys.filter((k) => k.workload === 'training')) {
    const name = nameOf(key);
    const all = keys.filter((k) => k.workload === 'training' && nameOf(k) === name);
    if (name in out.entries) continue;
    const reference = all.find(isSolo) ?? all.reduce((least, k) => (k.inferenceJobs < least.inferenceJobs ? k : least));
    const log = anchored(fit).logMs(isSolo(reference) ? fit.situation(reference) : beside(reference, reference.inferenceJobs));
    if (log === undefined) continue;
    const memory = fit.memory?.perTrainingMiB;
    out.entries[name] = { batch: fit.training(key).batch ?? 1, epoch_s: rounded(Math.exp(log) / 1000), ...(memory === undefined ? {} : { memory_mib: rounded(Math.max(0, memory)) }) };
    if (!isSolo(reference)) {
      out.notes.push(`Training of ${name} was never measured alone: epoch_s is its time beside ${reference.inferenceJobs} inference job${reference.inferenceJobs === 1 ? '' : 's'}, and its slowdown is not in the profile.`);
      continue;
    }
    out.alone.push({ name, situation: fit.situation(reference), log });
    const most = Math.max(...all.map((k) => k.inferenceJobs));
    const points = Array.from({ length: most + 1 }, (_, n) => ({ n, s: slowdown(key, beside(key, n)) }));
    if (points.every((p) => p.s !== undefined)) out.curves[name] = { jobs: points.map((p) => p.n), slowdown: points.map((p) => p.s!) };
  }
  const factors = new Map<string, number[]>();
  for (const p of fit.points) {
    if (p.key.workload !== 'inference' || p.key.trainingJobs !== 1) continue;
    const name = nameOf(p.key);
    const [withTraining, without] = [slowdown(p.key, p.situation), slowdown(p.key, beside(p.key, p.key.inferenceJobs - 1))];
    if (withTraining === undefined || without === undefined) continue;
    factors.set(name, [...(factors.get(name) ?? []), withTraining / without]);
    if (!(name in out.entries)) {
      out.entries[name] = { batch: fit.training(p.key).batch ?? 1, epoch_s: 60 };
      out.notes.push(`How long an epoch of ${name} takes was not measured: 60 s stand in for it.`);
    }
  }
  for (const [name, list] of factors) {
    out.beside[name] = rounded(Math.exp(list.reduce((sum, f) => sum + Math.log(f), 0) / list.length));
    if (list.length > 1) out.notes.push(`The factor on inference beside training of ${name} is the geometric mean over ${list.length} numbers of inference jobs (from ${rounded(Math.min(...list), 3)} to ${rounded(Math.max(...list), 3)}).`);
  }
  return out;
}
