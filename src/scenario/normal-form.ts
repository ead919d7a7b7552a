import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readingFault } from '../input/document.js';
import { FIRST_LOOK } from '../statistics/stopping.js';
import { modelsOf } from './variants.js';
import type { Fault } from '../faults/fault.js';
import type { Issue } from '../input/issue.js';
import type { Path } from '../input/path.js';
import { checkProfile, type NamedProfile } from '../profile/load.js';
import { fittedWindows, isFitted } from '../trace/fitted-file.js';
import { generators } from '../trace/generators.js';
import type { Learning } from './learning.js';
import { withCurve } from './learning-curve.js';
import { faultsOf, supervisionOf } from './faults.js';
import { repositoryOf } from './repository.js';
import { linkOf, linksOn, replaysRecording } from './network.js';
import type { Clients, GeneratorChoice, Measure, Network, Retraining, Scenario, TraceChoice, Workload } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import { trainingImagesIssues, withPlaces } from './training-images.js';

/** Reads the profile of a path relative to the scenario. The same file is read once. */
export type ReadProfile = (file: string) => Promise<NamedProfile>;

/** What `normalForm` leaves open: the retraining jobs' batch and site follow from the profiles. */
export type Draft = Omit<Scenario, 'retraining'> & { retraining: ({ path: Path; batch?: number; site?: string } & Omit<Retraining, 'batch' | 'site'>)[] };

async function readable(file: string, path: Path): Promise<Issue[]> {
  try {
    await access(file);
    return [];
  } catch (error) {
    return [{ path, at: 'value', sentence: `${readingFault(error, file)}; the path is relative to the scenario` }];
  }
}

/** A fitted process may stand in a file of its own. */
async function arrivalsOf(written: GeneratorChoice, path: Path, directory: string, issues: Issue[]): Promise<GeneratorChoice> {
  if (!isFitted(written.process)) return written;
  const { file, ...rest } = written as GeneratorChoice & { file?: string };
  if ((file === undefined) === (rest.windows === undefined))
    issues.push({ path: [...path, 'arrivals'], at: 'value', sentence: `exactly one of file, windows is needed, ${file === undefined ? 'none is there' : 'found both'}` });
  if (file === undefined) return written;
  const missing = await readable(resolve(directory, file), [...path, 'arrivals', 'file']);
  issues.push(...missing);
  if (missing.length > 0) return written;
  const read = await fittedWindows(written.process, resolve(directory, file), file);
  if (read.wrong === undefined) return { ...rest, windows: read.windows };
  issues.push({ path: [...path, 'arrivals', 'file'], at: 'value', sentence: read.wrong });
  return written;
}

type WrittenWorkload = ScenarioFile['workload'][number];
type WrittenStage = Partial<NonNullable<WrittenWorkload['stages']>[number]>;

async function workloadOf(written: WrittenWorkload, path: Path, directory: string, issues: Issue[]): Promise<Workload> {
  const { app, model, variants, stages, site, slo_ms } = written;
  const trace = written.trace as TraceChoice | undefined;
  const workload: Workload = {
    app,
    // Neither of them is a mistake that is told elsewhere.
    stages: (stages ?? [{ model, variants }]).map((stage: WrittenStage) => {
      const only = stage.site ?? site;
      const { output_bytes } = stage;
      return { ...modelsOf(stage), ...(only === undefined ? {} : { site: only }), ...(output_bytes === undefined ? {} : { output_bytes }) };
    }),
  };
  if (slo_ms !== undefined) workload.slo_ms = slo_ms;
  if (written.arrivals !== undefined) workload.arrivals = await arrivalsOf(written.arrivals as GeneratorChoice, path, directory, issues);
  if (written.clients !== undefined) workload.clients = written.clients as Clients;
  for (const field of ['cell', 'image', 'upload_bytes', 'answer_bytes'] as const) if (written[field] !== undefined) Object.assign(workload, { [field]: written[field] });
  if (trace?.file !== undefined) {
    const file = resolve(directory, trace.file);
    issues.push(...(await readable(file, [...path, 'trace', 'file'])));
    workload.trace = { ...trace, file };
  } else if (trace !== undefined) workload.trace = trace;
  return workload;
}

/** Whether every stream keeps its law over time, so that a start-up phase can be told from the rest; what breaks at a given time is no start-up. */
function stationary(workload: readonly Workload[], faults: readonly Fault[]): boolean {
  return faults.every(({ when }) => 'meanEveryMs' in when) && workload.every((w) => {
    if (w.trace !== undefined) return false;
    if (w.arrivals === undefined) return true;
    return generators[w.arrivals.process as keyof typeof generators]?.stationary ?? false;
  });
}

async function networkOf(written: ScenarioFile['network'], directory: string, issues: Issue[]): Promise<Network> {
  const network: Network = await linksOn(written, ['network'], directory, issues);
  if (written?.symmetric === true) network.symmetric = true;
  const between = await linkOf(written?.between_sites, ['network', 'between_sites'], directory, issues);
  if (between !== undefined) network.between_sites = between;
  if (written?.cells !== undefined) {
    network.cells = {};
    for (const [name, links] of Object.entries(written.cells)) network.cells[name] = await linksOn(links, ['network', 'cells', name], directory, issues);
  }
  return network;
}

/** A scenario file as the rest of the program sees it: profiles read, paths absolute, one form where the file allows several. */
export async function normalForm(written: ScenarioFile, directory: string, readProfile: ReadProfile): Promise<{ draft: Draft; issues: Issue[] }> {
  const issues: Issue[] = [];
  const workload: Workload[] = [];
  for (const [i, w] of written.workload.entries()) workload.push(await workloadOf(w, ['workload', i], directory, issues));
  const sites: Scenario['sites'] = [];
  for (const [s, site] of written.sites.entries()) {
    const accelerators: Scenario['sites'][number]['accelerators'] = [];
    for (const [a, accelerator] of site.accelerators.entries()) {
      const path: Path = ['sites', s, 'accelerators', a, 'profile'];
      let profile: NamedProfile = { models: {}, name: '' };
      if (typeof accelerator.profile === 'string') {
        const missing = await readable(resolve(directory, accelerator.profile), path);
        issues.push(...missing);
        if (missing.length === 0) profile = await readProfile(accelerator.profile);
      } else {
        const checked = checkProfile(accelerator.profile, path, accelerator.name ?? `${site.name}/gpu${a}`);
        issues.push(...checked.issues);
        profile = checked.profile;
      }
      accelerators.push({ ...accelerator, count: accelerator.count ?? 1, profile });
    }
    const network = await linksOn(site.network, ['sites', s, 'network'], directory, issues);
    sites.push({ name: site.name, ...(site.device === true ? { device: true } : {}), accelerators, ...(site.network === undefined ? {} : { network }), ...(site.storage_mib === undefined ? {} : { storage_mib: site.storage_mib }) });
  }
  const jobs = written.retraining === undefined ? [] : [written.retraining].flat();
  const jobPath = (i: number): Path => (Array.isArray(written.retraining) ? ['retraining', i] : ['retraining']);
  const learnings: (Learning | undefined)[] = [];
  for (const [i, { data }] of jobs.entries()) if (data !== undefined) issues.push(...trainingImagesIssues(data, [...jobPath(i), 'data']));
  for (const [i, job] of jobs.entries()) learnings.push(await withCurve(job.learning as Learning | undefined, [...jobPath(i), 'learning'], directory, issues));
  const network = await networkOf(written.network, directory, issues);
  // A world that drifts has no steady state, and accuracy counts from the first answer on.
  const isStationary = stationary(workload, faultsOf(written)) && !replaysRecording({ network, sites }) && !jobs.some(({ learning }) => learning !== undefined);
  const measure = written.measure as Omit<Measure, 'warm_up'> & { warm_up?: Measure['warm_up'] };
  const draft: Draft = {
    schema: 'corun/scenario@1',
    workload,
    network,
    sites,
    retraining: jobs.map(({ learning: _, data, ...job }, i) => ({
      ...job,
      ...(learnings[i] === undefined ? {} : { learning: learnings[i] }),
      ...(data === undefined ? {} : { data: withPlaces(data, (file) => resolve(directory, file)) }),
      path: jobPath(i),
    })),
    faults: faultsOf(written),
    supervision: supervisionOf(written),
    extrapolation: written.extrapolation!,
    measure: { ...measure, replications: { ...measure.replications, min: measure.replications.min ?? Math.min(FIRST_LOOK, measure.replications.max) }, warm_up: measure.warm_up ?? (isStationary ? 'auto' : 'none') },
    seed: written.seed!,
  };
  if (written.repository !== undefined) {
    const link = await linkOf(written.repository.link, ['repository', 'link'], directory, issues);
    draft.repository = { ...repositoryOf(written), ...(link === undefined ? {} : { link }) };
  }
  if (written.title !== undefined) draft.title = written.title;
  if (written.duration_s !== undefined) draft.duration_s = written.duration_s;
  return { draft, issues };
}
