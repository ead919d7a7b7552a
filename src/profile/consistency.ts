import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import { meanOfQuantiles } from '../random/service.js';
import type { Profile } from './schema.js';

/** Two lists that belong together: equally long, the first ascending. */
function pairIssues(names: readonly [string, string], x: readonly number[], y: readonly number[], at: Path): Issue[] {
  if (x.length !== y.length) {
    const sentence = `has ${y.length} ${y.length === 1 ? 'entry' : 'entries'}, ${names[0]} has ${x.length}; one for each is needed`;
    return [{ path: [...at, names[1]], at: 'value', sentence }];
  }
  const falling = x.findIndex((value, i) => i > 0 && value <= x[i - 1]);
  if (falling < 0) return [];
  return [{ path: [...at, names[0], falling], at: 'value', sentence: `found ${x[falling]} after ${x[falling - 1]}, ascending numbers are needed` }];
}

/** Relative, of the mean of quantiles: they are rounded. */
const MEAN_TOLERANCE = 0.01;

/** Quantiles of factors on a mean: ascending, and 1 on average. */
function quantileIssues(quantiles: readonly number[], at: Path): Issue[] {
  const falling = quantiles.findIndex((value, i) => i > 0 && value < quantiles[i - 1]);
  if (falling >= 0) return [{ path: [...at, falling], at: 'value', sentence: `found ${quantiles[falling]} after ${quantiles[falling - 1]}, ascending numbers are needed` }];
  const mean = meanOfQuantiles(quantiles);
  if (Math.abs(mean - 1) <= MEAN_TOLERANCE) return [];
  return [{ path: at, at: 'value', sentence: `have a mean of ${Number(mean.toPrecision(4))}; factors on a mean have 1: divide each by it` }];
}

/** A slowdown curve begins with the job alone, whose slowdown is 1 by definition. */
function startIssues({ jobs, slowdown }: { jobs: readonly number[]; slowdown: readonly number[] }, first: number, what: string, at: Path): Issue[] {
  if (jobs[0] !== first) return [{ path: [...at, 'jobs', 0], at: 'value', sentence: `found ${jobs[0]}; the first must be ${first}: ${what}, with slowdown 1` }];
  if (slowdown[0] !== 1) return [{ path: [...at, 'slowdown', 0], at: 'value', sentence: `found ${slowdown[0]}; ${what} has slowdown 1, since slowdowns are relative to it` }];
  return [];
}

function nameIssues(name: string, known: readonly string[], what: string, path: Path): Issue[] {
  if (known.includes(name)) return [];
  const list = known.length > 0 ? ` (known: ${known.join(', ')})` : '';
  return [{ path, at: 'key', sentence: `this profile has no ${what} "${name}"${didYouMean(name, known)}${list}` }];
}

/** Keys that name classes, such as `training:resnet50`; a `*` for the model is allowed where `any` is. */
function classIssues(names: readonly string[], models: readonly string[], trainings: readonly string[], at: Path, any: boolean): Issue[] {
  return names.flatMap((name) => {
    const [kind, model] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
    if (any && model === '*') return [];
    return kind === 'training' ? nameIssues(model, trainings, 'training of', [...at, name]) : nameIssues(model, models, 'model', [...at, name]);
  });
}

/** What the schema cannot say: lists that belong together, and names that must exist elsewhere in the profile. */
export function consistencyIssues(profile: Profile, at: Path): Issue[] {
  const issues: Issue[] = [];
  const models = Object.keys(profile.models);
  const trainings = Object.keys(profile.training ?? {});
  for (const [name, { batches }] of Object.entries(profile.models))
    if (batches) issues.push(...pairIssues(['size', 'mean_ms'], batches.size, batches.mean_ms, [...at, 'models', name, 'batches']));
  for (const [name, { spread }] of Object.entries(profile.models))
    if (spread?.distribution === 'measured') issues.push(...quantileIssues(spread.quantiles, [...at, 'models', name, 'spread', 'quantiles']));
  for (const [name, { after_idle: idle = {} }] of Object.entries(profile.models))
    for (const when of ['alone', 'beside_training'] as const)
      if (idle[when]) issues.push(...pairIssues(['processes', 'added_ms'], idle[when].processes, idle[when].added_ms, [...at, 'models', name, 'after_idle', when]));
  const { accelerator } = profile;
  if (accelerator?.fixed_mib !== undefined && accelerator.fixed_mib >= accelerator.memory_mib) {
    const sentence = `found ${accelerator.fixed_mib}, less than memory_mib (${accelerator.memory_mib}) is needed`;
    issues.push({ path: [...at, 'accelerator', 'fixed_mib'], at: 'value', sentence });
  }
  if (accelerator?.power !== undefined) {
    const power: Path = [...at, 'accelerator', 'power'];
    issues.push(...pairIssues(['active', 'mean_w'], accelerator.power.active, accelerator.power.mean_w, power));
    if (accelerator.power.active[0] !== 0)
      issues.push({ path: [...power, 'active', 0], at: 'value', sentence: `found ${accelerator.power.active[0]}; the first must be 0: the idle accelerator` });
  }
  issues.push(...shareIssues(profile, [...at, 'shares']));
  issues.push(...contentionIssues(profile.contention, models, trainings, [...at, 'contention']));
  for (const [i, { time, contention }] of (profile.uncertainty?.draws ?? []).entries()) {
    const inside: Path = [...at, 'uncertainty', 'draws', i];
    issues.push(...classIssues(Object.keys(time ?? {}), models, trainings, [...inside, 'time'], false));
    issues.push(...contentionIssues(contention, models, trainings, [...inside, 'contention']));
  }
  return issues;
}

/** Shares end at the whole accelerator, which costs nothing, and something says what each of them costs. */
function shareIssues({ shares, contention }: Profile, at: Path): Issue[] {
  if (shares === undefined) return [];
  const { percent, stretch } = shares;
  const issues: Issue[] = [];
  if (percent[percent.length - 1] !== 100) issues.push({ path: [...at, 'percent'], at: 'value', sentence: `ends at ${percent[percent.length - 1]}; the last share must be 100, the whole accelerator` });
  if (contention?.model === 'igniter') {
    if (stretch !== undefined) issues.push({ path: [...at, 'stretch'], at: 'key', sentence: 'not allowed with contention model igniter, whose formula says what a share costs' });
    return [...issues, ...pairIssues(['percent', 'percent'], percent, percent, at)];
  }
  if (stretch === undefined) return [...issues, { path: at, at: 'value', sentence: 'has no stretch: the time alone at each share over the time with the whole accelerator is needed, unless the contention model is igniter' }];
  if (stretch[stretch.length - 1] !== 1) issues.push({ path: [...at, 'stretch'], at: 'value', sentence: `ends at ${stretch[stretch.length - 1]}; with the whole accelerator it is 1` });
  return [...issues, ...pairIssues(['percent', 'stretch'], percent, stretch, at)];
}

function contentionIssues(contention: Profile['contention'], models: readonly string[], trainings: readonly string[], inside: Path): Issue[] {
  const issues: Issue[] = [];
  if (contention?.model === 'table') {
    const lists = ['jobs', 'slowdown'] as const;
    issues.push(...pairIssues(lists, contention.inference.jobs, contention.inference.slowdown, [...inside, 'inference']));
    issues.push(...startIssues(contention.inference, 1, 'one inference alone', [...inside, 'inference']));
    for (const [name, curve] of Object.entries(contention.training ?? {}))
      issues.push(
        ...pairIssues(lists, curve.jobs, curve.slowdown, [...inside, 'training', name]),
        ...startIssues(curve, 0, 'retraining alone', [...inside, 'training', name]),
      );
    const { loading } = contention;
    if (loading) issues.push(...pairIssues(lists, loading.jobs, loading.slowdown, [...inside, 'loading']), ...startIssues(loading, 0, 'loading alone', [...inside, 'loading']));
    for (const field of ['training', 'inference_beside_training'] as const)
      for (const name of Object.keys(contention[field] ?? {})) issues.push(...nameIssues(name, trainings, 'training of', [...inside, field, name]));
  }
  if (contention?.model === 'mix') {
    for (const [i, group] of contention.groups.entries()) {
      const active = Object.keys(group.active);
      for (const field of ['active', 'slowdown'] as const) issues.push(...classIssues(Object.keys(group[field]), models, trainings, [...inside, 'groups', i, field], false));
      for (const name of Object.keys(group.slowdown))
        if (!active.includes(name))
          issues.push({
            path: [...inside, 'groups', i, 'slowdown', name],
            at: 'key',
            sentence: `not active in this group${didYouMean(name, active)} (active: ${active.join(', ')})`,
          });
    }
  }
  if (contention?.model === 'igniter')
    for (const name of Object.keys(contention.models)) issues.push(...nameIssues(name, models, 'model', [...inside, 'models', name]));
  if (contention?.model === 'gpulet') issues.push(...classIssues(Object.keys(contention.utilisation), models, trainings, [...inside, 'utilisation'], false));
  if (contention?.model === 'resources') {
    issues.push(...classIssues(Object.keys(contention.classes), models, trainings, [...inside, 'classes'], true));
    const { clock, resources } = contention;
    if (clock) {
      issues.push(...pairIssues(['load', 'factor'], clock.load, clock.factor, [...inside, 'clock']));
      issues.push(...nameIssues(clock.resource, Object.keys(resources), 'resource', [...inside, 'clock', 'resource']).map((issue) => ({ ...issue, at: 'value' as const })));
    }
    for (const [name, { demand, held }] of Object.entries(contention.classes))
      for (const [field, amounts] of Object.entries({ demand, held: held ?? {} }))
        for (const resource of Object.keys(amounts)) issues.push(...nameIssues(resource, Object.keys(resources), 'resource', [...inside, 'classes', name, field, resource]));
  }
  return issues;
}
