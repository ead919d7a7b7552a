import type { ContentionFit } from '../contention/fit/fit.js';
import { isSolo, type GroupKey } from '../contention/fit/group.js';
import type { Sayings } from '../contention/fit/predictor.js';
import { observedClass, type Situation } from '../contention/fit/situation.js';
import { InputError } from '../input/error.js';
import { anchored, offBy, type Off } from './anchored.js';
import { checkProfile, type NamedProfile } from '../profile/load.js';
import type { FitResult } from './fit-result.js';
import { acceleratorOf, afterIdleOf, batchesOf, DRAWS, partsOf, rounded, sourceOf, spreadOf, trainingNames, turnsOf } from './profile-parts.js';

/** More mixes than this make a profile that is slow to look things up in. */
const MOST_MIXES = 2000;
const MOST_DRAWN_MIXES = 10_000;

/** One kind of job: how the profile names it, and what the fit knows it by. */
interface Kind {
  name: string;
  key: GroupKey;
  class: string;
}

interface Mix {
  /** Inference jobs by the order of the models. */
  counts: number[];
  training?: Kind;
  /** A model that is being loaded beside them. */
  loads?: string;
}

/**
 * A profile of several inference models: contention is a `mix` with what the fit says of every combination of them, up to the most
 * jobs that were measured at once, alone and beside each training job.
 *
 * @throws InputError if a model was never measured alone
 */
export function mixProfile(fit: ContentionFit, result: FitResult, name: string): NamedProfile {
  const keys = fit.points.map((p) => p.key);
  const timed = keys.filter((k) => k.workload === 'inference');
  const models = [...new Set(timed.map((k) => k.model))].map((model): Kind => {
    const own = timed.filter((k) => k.model === model);
    const smallest = Math.min(...own.map((k) => k.batch ?? 1));
    const key = own.find((k) => isSolo(k) && (k.batch ?? 1) === smallest);
    if (key === undefined) throw new InputError(`--profile: ${model} was never measured alone; a profile needs its time without neighbours`);
    return { name: model, key, class: observedClass(key) };
  });
  const nameOf = trainingNames(fit);
  const trainings = keys.filter((k) => k.workload === 'training' && isSolo(k)).map((key): Kind => ({ name: nameOf(key), key, class: observedClass(key) })).filter(({ name: own }, i, all) => all.findIndex((other) => other.name === own) === i);
  const most = Math.max(...timed.map((k) => k.inferenceJobs));
  const loading = result.beside_loading === undefined ? undefined : Math.max(1, result.beside_loading.factor);
  const mixes = mixesOf(models, trainings, most, loading !== undefined);

  const alone = (key: GroupKey): Situation => ({ ...fit.situation(key), neighbours: [], inferenceNeighbours: 0 });
  const inMix = (kind: Kind, { counts, training }: Mix): Situation => {
    const others = models.map((m, i) => ({ class: m.class, count: counts[i] - (m === kind ? 1 : 0) }));
    const beside = training === undefined || training === kind ? [] : [{ class: training.class, count: 1 }];
    return { ...alone(kind.key), inferenceNeighbours: others.reduce((sum, o) => sum + o.count, 0), neighbours: [...others, ...beside].filter(({ count }) => count > 0) };
  };
  const groupsBy = (says: Sayings, off: Off = () => 0) =>
    mixes.flatMap((mix) => {
      const present = [...models.filter((_, i) => mix.counts[i] > 0), ...(mix.training === undefined ? [] : [mix.training])];
      const slowdown: Record<string, number> = {};
      for (const kind of present) {
        const situation = inMix(kind, mix);
        const [a, b] = [says.logSlowdown(alone(kind.key)), says.logSlowdown(situation)];
        if (a === undefined || b === undefined) return [];
        slowdown[classOf(kind)] = rounded((situation.neighbours.length === 0 ? 1 : Math.exp(b - a + off(situation))) * (mix.loads === undefined ? 1 : loading!));
      }
      const active = Object.fromEntries([...models.flatMap((m, i) => (mix.counts[i] > 0 ? [[classOf(m), mix.counts[i]]] : [])), ...(mix.training === undefined ? [] : [[classOf(mix.training), 1]]), ...(mix.loads === undefined ? [] : [[`loading:${mix.loads}`, 1]])]) as Record<string, number>;
      return [{ active, slowdown }];
    });

  const fitted = anchored(fit);
  const groups = groupsBy(fitted);
  const soloLog = (says: Sayings, kind: Kind): number => {
    const log = says.logMs(alone(kind.key));
    if (log === undefined) throw new InputError(`--profile: the fit cannot tell the time of ${kind.name} alone; measure it without neighbours`);
    return log;
  };
  const draws = Math.min(DRAWS, fit.predictor.draws.length, Math.floor(MOST_DRAWN_MIXES / Math.max(1, groups.length)));
  const uncertainty = Array.from({ length: draws }, (_, b) => {
    const says = anchored(fit, b);
    return {
      time: Object.fromEntries([...models, ...trainings].map((kind) => [classOf(kind), rounded(Math.exp(soloLog(says, kind) - soloLog(fitted, kind)))])),
      contention: { model: 'mix' as const, groups: groupsBy(says, offBy(fit, b)) },
    };
  });
  const { memory } = result;
  const spread = fit.spread.inference.row;
  // Rows scatter to the right of their median.
  const mean = Math.exp((spread * spread) / 2);
  const profile = {
    schema: 'corun/profile@1',
    name,
    ...acceleratorOf(fit, result, name),
    source: sourceOf(fit, result),
    assumptions: [
      `Slowdowns of all ${groups.length} mixes of up to ${most} inference jobs are what the fitted model says${fit.blockMs === undefined ? '' : ', drawn towards what was measured where it was'}; ${fit.points.filter((p) => !isSolo(p.key)).length} groups with neighbours were measured.`,
      ...(loading === undefined ? ['What a neighbour that is being loaded costs was not measured.'] : ['A neighbour that is being loaded slows all jobs by one factor, whatever it loads.']),
      ...(memory?.per_inference_mib === undefined ? ['Memory was not measured, so the profile sets no limit to it.'] : ['Memory of an inference process is one number for all models.']),
      ...result.warnings.filter((w) => !w.includes('.csv')),
    ],
    models: Object.fromEntries(
      models.map((kind) => [
        kind.name,
        {
          solo_ms: rounded(Math.exp(soloLog(fitted, kind)) * mean),
          ...batchesOf(fit, timed.filter((k) => k.model === kind.name), mean),
          ...spreadOf(fit, kind.key.model),
          ...partsOf(fit, kind.key),
          ...afterIdleOf(fit, kind.key.model),
          ...(memory?.per_inference_mib === undefined ? {} : { memory_mib: rounded(Math.max(0, memory.per_inference_mib)) }),
        },
      ]),
    ),
    ...(trainings.length === 0
      ? {}
      : {
          training: Object.fromEntries(
            trainings.map((kind) => [
              kind.name,
              {
                batch: fit.training(kind.key).batch ?? 1,
                epoch_s: rounded(Math.exp(soloLog(fitted, kind)) / 1000),
                ...(memory?.per_training_mib === undefined ? {} : { memory_mib: rounded(Math.max(0, memory.per_training_mib)) }),
              },
            ]),
          ),
        }),
    contention: { model: 'mix' as const, groups },
    ...turnsOf(fit),
    ...(uncertainty.length < 2 ? {} : { uncertainty: { draws: uncertainty } }),
  };
  const checked = checkProfile(profile, [], name);
  if (checked.issues.length > 0) throw new Error(`the fitted profile is not one: ${checked.issues.map((i) => `${i.path.join('.')}: ${i.sentence}`).join('; ')}`);
  return checked.profile;
}

const classOf = ({ name, key }: Kind): string => `${key.workload}:${name}`;

/** Every combination of up to so many inference jobs, alone and beside each training job, and all of these beside each model that loads. */
function mixesOf(models: readonly Kind[], trainings: readonly Kind[], most: number, withLoading: boolean): Mix[] {
  const counts: number[][] = [];
  const extend = (own: readonly number[], left: number): void => {
    if (own.length === models.length) return void counts.push([...own]);
    for (let n = 0; n <= left; n++) extend([...own, n], left - n);
  };
  extend([], most);
  const mixes = counts.flatMap((own): Mix[] => [{ counts: own }, ...trainings.map((training) => ({ counts: own, training }))]).filter(({ counts: own, training }) => training !== undefined || own.some((n) => n > 0));
  const jobs = ({ counts: own, training }: Mix): number => own.reduce((a, b) => a + b, 0) + (training === undefined ? 0 : 1);
  const beside = withLoading && mixes.length * (models.length + 1) <= MOST_MIXES ? mixes.flatMap((mix) => models.map((model) => ({ ...mix, loads: model.name }))) : [];
  return [...mixes.filter((mix) => jobs(mix) > 1), ...beside];
}
