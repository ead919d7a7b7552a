import { learningIssues, taughtBy } from './learning.js';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import { generators } from '../trace/generators.js';
import { metrics, type MetricName, type MetricNeed } from './metrics.js';
import type { Draft } from './normal-form.js';
import type { ResolvedAlternative, Retraining } from './scenario.js';
import { deviceIssues } from './devices.js';
import type { ScenarioFile } from './schema.js';
import { hasAccuracy, writtenVariants } from './variants.js';

const value = (path: Path, sentence: string): Issue => ({ path, at: 'value', sentence });

const listed = (names: readonly string[]): string => (names.length > 0 ? `known: ${names.join(', ')}` : 'it knows none');

function exactlyOne(written: object, fields: readonly string[], path: Path): Issue[] {
  const given = fields.filter((field) => Object.hasOwn(written, field));
  if (given.length === 1) return [];
  const found = given.length === 0 ? 'none is there' : `found ${given.join(' and ')}`;
  return [value(given.length === 0 ? path : [...path, given[1]], `exactly one of ${fields.join(', ')} is needed, ${found}`)];
}

/** Fields of the file that exclude each other, names that are taken, and streams that nothing ends. */
export function workloadIssues(written: ScenarioFile): Issue[] {
  const issues: Issue[] = [];
  const sites = written.sites.map((site) => site.name);
  const unknownSite = (site: string | undefined, path: Path): void => {
    if (site === undefined || sites.includes(site)) return;
    issues.push(value(path, `there is no site "${site}"${didYouMean(site, sites)} (known: ${sites.join(', ')})`));
  };
  const apps = written.workload.map((w) => w.app);
  for (const [i, w] of written.workload.entries()) {
    const path: Path = ['workload', i];
    if (apps.indexOf(w.app) < i) issues.push(value([...path, 'app'], `a second app named ${w.app}, each needs a name of its own`));
    issues.push(...exactlyOne(w, ['model', 'variants', 'stages'], path), ...exactlyOne(w, ['arrivals', 'trace', 'clients'], path));
    unknownSite(w.site, [...path, 'site']);
    for (const [s, stage] of (w.stages ?? []).entries()) {
      issues.push(...exactlyOne(stage, ['model', 'variants'], [...path, 'stages', s]));
      unknownSite(stage.site, [...path, 'stages', s, 'site']);
    }
    for (const { variant, path: at } of writtenVariants(w, path)) if (typeof variant !== 'string') unknownSite(variant.site, [...at, 'site']);
    if (written.duration_s !== undefined) continue;
    if (w.clients !== undefined && w.clients.requests === undefined)
      issues.push(value([...path, 'clients'], 'these clients would ask forever; set duration_s for the scenario, or requests here'));
    if (w.arrivals !== undefined) {
      const { process, requests } = w.arrivals as { process: keyof typeof generators; requests?: number };
      if (requests === undefined && Object.hasOwn(generators[process].options.properties, 'requests'))
        issues.push(value([...path, 'arrivals'], 'this stream would never end; set duration_s for the scenario, or requests here'));
    }
  }
  for (const [i, name] of sites.entries())
    if (sites.indexOf(name) < i) issues.push(value(['sites', i, 'name'], `a second site named ${name}, each needs a name of its own`));
  issues.push(...deviceIssues(written));
  const jobs = written.retraining === undefined ? [] : [written.retraining].flat();
  const jobPath = (i: number): Path => (Array.isArray(written.retraining) ? ['retraining', i] : ['retraining']);
  for (const [i, job] of jobs.entries()) unknownSite(job.site, [...jobPath(i), 'site']);
  for (const [i, job] of jobs.entries()) issues.push(...learningIssues(written, job, jobPath(i)));
  const taught = jobs.map((job) => taughtBy(written, job));
  for (const [i, apps] of taught.entries()) {
    const twice = apps.find((app) => taught.slice(0, i).some((others) => others.includes(app)));
    if (twice !== undefined) issues.push(value(jobPath(i), `a second job whose learning improves app ${twice}; say with app: whose answers each of them improves`));
  }
  if (written.measure?.warm_up === 'auto') {
    const replayed = written.workload.find((w) => w.trace !== undefined);
    if (replayed !== undefined)
      issues.push(value(['measure', 'warm_up'], `nothing is cut from a recorded stream, and app ${replayed.app} replays one; write warm_up: none, or leave it out`));
  }
  return issues;
}

/** Every model that is asked for is known to a profile of a site that may serve it. */
export function modelIssues(draft: Draft, written: ScenarioFile): Issue[] {
  const issues: Issue[] = [];
  for (const [i, w] of draft.workload.entries()) {
    for (const [s, stage] of w.stages.entries()) {
      // What variants need is told by `variantIssues`.
      if (stage.model === '' || stage.variants !== undefined) continue;
      const sites = draft.sites.filter((site) => stage.site === undefined || site.name === stage.site);
      const present = sites.flatMap((site) => site.accelerators).filter((accelerator) => accelerator.count > 0);
      const known = [...new Set(present.flatMap((accelerator) => Object.keys(accelerator.profile.models)))];
      if (sites.length === 0 || known.includes(stage.model)) continue;
      const path: Path = written.workload[i].stages === undefined ? ['workload', i, 'model'] : ['workload', i, 'stages', s, 'model'];
      const where = stage.site === undefined ? 'no profile' : `no profile of site ${stage.site}`;
      issues.push(value(path, `${where} knows the model "${stage.model}"${didYouMean(stage.model, known)} (${listed(known)})`));
    }
  }
  if (draft.sites.every((site) => site.accelerators.every((accelerator) => accelerator.count === 0)))
    issues.push(value(['sites', 0, 'accelerators', 0, 'count'], 'there is no accelerator at all; a count of at least 1 is needed somewhere'));
  return issues;
}

/** Fills in site and batch of the retraining jobs from the profiles. */
export function retrainingOf(draft: Draft): { retraining: Retraining[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const retraining: Retraining[] = [];
  for (const { path, model, batch, site, ...told } of draft.retraining) {
    const sites = draft.sites.filter((candidate) => site === undefined || candidate.name === site);
    if (sites.length === 0) continue;
    const present = sites.flatMap((at) => at.accelerators.filter((a) => a.count > 0).map((a) => ({ site: at.name, profile: a.profile })));
    const offers = present.flatMap((at) => Object.entries(at.profile.training ?? {}).map(([name, job]) => ({ site: at.site, model: name, batch: job.batch })));
    const ofModel = offers.filter((offer) => offer.model === model);
    const fitting = ofModel.find((offer) => batch === undefined || offer.batch === batch);
    const where = site === undefined ? 'no profile' : `no profile of site ${site}`;
    if (fitting !== undefined) retraining.push({ model, batch: fitting.batch, site: fitting.site, ...told });
    else if (ofModel.length > 0) {
      const batches = [...new Set(ofModel.map((offer) => offer.batch))].join(', ');
      issues.push(value([...path, 'batch'], `${where} knows retraining ${model} with batch ${batch}; it was measured with batch ${batches}`));
    } else {
      const known = [...new Set(offers.map((offer) => offer.model))];
      issues.push(value([...path, 'model'], `${where} knows retraining "${model}"${didYouMean(model, known)} (${listed(known)})`));
    }
  }
  return { retraining, issues };
}

const MENDS: Record<MetricNeed, string> = {
  slo: 'no app has an SLO; set slo_ms for an app',
  retraining: 'no alternative retrains; add retraining: { model: … }, with a retrain policy other than never',
  apps: 'fairness is between apps, and there is only one',
  power: 'no alternative has a power curve for each of its accelerators; add accelerator: { power: { active: [0, 1], mean_w: [20, 180] } } to their profiles',
  learning: 'no model drifts and learns; give its retraining: learning: { drift: … }',
  accuracy: 'nobody says how accurate a model is; give it an accuracy in its profile, or its retraining: learning: { drift: … }',
  device: 'no site is a device; add sites: [{ name: phone, device: true, accelerators: … }]',
  duplicates: 'no alternative duplicates requests; choose route: duplicate',
  prices: 'no alternative has a price for each of its accelerators; set price_usd_per_hour',
};

function meets(need: MetricNeed, { scenario, accelerators, policies }: ResolvedAlternative): boolean {
  switch (need) {
    case 'slo':
      // A file may bring an SLO for each request.
      return scenario.workload.some((w) => w.slo_ms !== undefined || (w.trace?.format === 'corun-csv' && w.trace.file !== undefined));
    case 'retraining':
      return scenario.retraining.length > 0 && !(policies.retrain.policy === 'never' && policies.retrain.module === undefined);
    case 'apps':
      return scenario.workload.length > 1;
    case 'power':
      return accelerators.every(({ profile }) => profile.accelerator?.power !== undefined);
    case 'learning':
      return scenario.retraining.some((job) => job.learning !== undefined);
    case 'accuracy':
      return scenario.retraining.some((job) => job.learning !== undefined) || scenario.workload.some((w) => hasAccuracy(w, scenario.sites));
    case 'device':
      return scenario.sites.some(({ device }) => device === true);
    case 'duplicates':
      return policies.route.policy !== 'fixed' && policies.route.policy !== 'spread';
    case 'prices':
      return accelerators.every((accelerator) => accelerator.priceUsdPerHour !== undefined);
  }
}

/** Metrics that are asked for and that no alternative can produce. */
export function metricIssues(alternatives: readonly ResolvedAlternative[]): Issue[] {
  const { primary, metrics: further } = alternatives[0].scenario.measure;
  const asked: { name: MetricName; path: Path }[] = [{ name: primary, path: ['measure', 'primary'] }];
  further.forEach((name, i) => asked.push({ name, path: ['measure', 'metrics', i] }));
  return asked.flatMap(({ name, path }) => {
    const { needs } = metrics[name] as { needs?: MetricNeed };
    if (needs === undefined || alternatives.some((alternative) => meets(needs, alternative))) return [];
    return [value(path, `this scenario cannot produce ${name}: ${MENDS[needs]}`)];
  });
}
