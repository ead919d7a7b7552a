import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readingFault } from '../input/document.js';
import { InputError } from '../input/error.js';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import { formatPath, type Path } from '../input/path.js';
import { delays } from '../trace/network/delays.js';
import { survivalFault, type SurvivalTable } from '../trace/network/delays/survival.js';
import { readSurvivalTable } from '../trace/network/survival-file.js';
import type { Link, Links, Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';

const value = (path: Path, sentence: string): Issue => ({ path, at: 'value', sentence });

const DELAYS = Object.keys(delays);
const BOTTLENECKS = ['rate_mbps', 'trace'] as const;

type Written = Record<string, unknown>;
type Located = { link: Written; path: Path };

/** Both links of something that has `up` and `down`. */
function upAndDown(holder: unknown, path: Path): Located[] {
  const links = (holder ?? {}) as Record<string, Written | undefined>;
  return ['up', 'down'].flatMap((direction) => (links[direction] === undefined ? [] : [{ link: links[direction], path: [...path, direction] }]));
}

/** Every link of a scenario, and where it stands. */
function linksOf({ network, sites, repository }: ScenarioFile): Located[] {
  const cells = Object.entries((network?.cells ?? {}) as Written);
  return [
    ...upAndDown(network, ['network']),
    ...cells.flatMap(([name, cell]) => upAndDown(cell, ['network', 'cells', name])),
    ...(network?.between_sites === undefined ? [] : [{ link: network.between_sites as Written, path: ['network', 'between_sites'] }]),
    ...(repository?.link === undefined ? [] : [{ link: repository.link as Written, path: ['repository', 'link'] }]),
    ...sites.flatMap((site, i) => upAndDown(site.network, ['sites', i, 'network'])),
  ];
}

const isBottleneck = (link: unknown): boolean => BOTTLENECKS.some((field) => (link as Written | undefined)?.[field] !== undefined);

function linkIssues({ link, path }: Located): Issue[] {
  const given = (fields: readonly string[]) => fields.filter((field) => link[field] !== undefined);
  const [delay, bottleneck] = [given(DELAYS), given(BOTTLENECKS)];
  const issues: Issue[] = [];
  for (const [fields, found] of [[DELAYS, delay] as const, [BOTTLENECKS, bottleneck] as const])
    if (found.length > 1) issues.push(value([...path, found[1]], `at most one of ${fields.join(', ')} is possible, found ${found.join(' and ')}`));
  if (delay.length + bottleneck.length === 0) issues.push(value(path, `at least one of ${[...DELAYS, ...BOTTLENECKS].join(', ')} is needed`));
  if (link.start !== undefined && link.trace === undefined) issues.push(value([...path, 'start'], 'only a recording has a place to start at; add trace, or remove start'));
  if (link.queue_packets !== undefined && bottleneck.length === 0)
    issues.push(value([...path, 'queue_packets'], 'nothing queues before a link without rate_mbps or trace; add one of them, or remove queue_packets'));
  if (Array.isArray(link.survival)) {
    const fault = survivalFault(link.survival as SurvivalTable);
    if (fault !== undefined) issues.push(value([...path, 'survival', fault.point], fault.sentence));
  }
  return issues;
}

/** What does not fit together in links, cells and payloads, beyond what the schema says. */
export function networkIssues(written: ScenarioFile): Issue[] {
  const { network, workload, sites } = written;
  const issues = [...linksOf(written).flatMap(linkIssues), ...warmUpIssues(written)];
  const used = [...new Set(workload.flatMap(({ cell }) => cell ?? []))];
  const cells = (network?.cells ?? {}) as Record<string, Written>;
  for (const name of Object.keys(cells)) {
    if (used.includes(name)) continue;
    const known = used.length > 0 ? `cells of apps: ${used.join(', ')}` : `no app has a cell; write cell: ${name} for an app`;
    issues.push({ path: ['network', 'cells', name], at: 'key', sentence: `no app is in the cell "${name}"${didYouMean(name, used)} (${known})` });
  }
  if (used.length === 0)
    for (const { link, path } of upAndDown(network, ['network']))
      if (link.queue_packets !== undefined && isBottleneck(link))
        issues.push(value([...path, 'queue_packets'], 'no queue forms on the link of a single phone; write cell: … for the apps whose phones share one'));
  if (network?.symmetric === true) {
    const mirrored = value(['network', 'symmetric'], `a symmetric network is its up in both directions; ${network.up === undefined ? 'add up' : network.down === undefined ? 'leave out cells' : 'leave out down'}`);
    if (network.up === undefined || network.down !== undefined || network.cells !== undefined) issues.push(mirrored);
  }
  for (const [i, app] of workload.entries()) {
    const path: Path = ['workload', i];
    if (app.image !== undefined && app.upload_bytes !== undefined) issues.push(value([...path, 'upload_bytes'], 'the bytes follow from image already; remove one of the two'));
    const own = app.cell === undefined ? undefined : (cells[app.cell] as { up?: unknown } | undefined);
    const isLimited = isBottleneck(own?.up ?? network?.up) || sites.some((site) => isBottleneck(site.network?.up));
    if (isLimited && app.image === undefined && app.upload_bytes === undefined)
      issues.push(value(path, `how long app ${app.app} needs for an uplink with rate_mbps or trace depends on its bytes; add image: { width: …, height: … } or upload_bytes: …`));
    for (const [s, stage] of (app.stages ?? []).slice(0, -1).entries())
      if (isBottleneck(network?.between_sites) && stage.output_bytes === undefined)
        issues.push(value([...path, 'stages', s], 'what this stage hands on between sites has a size that between_sites needs to know; add output_bytes: …'));
  }
  return issues;
}

/** A warm-up is asked for where nothing may be cut. */
function warmUpIssues(written: ScenarioFile): Issue[] {
  if (written.measure?.warm_up !== 'auto') return [];
  const replayed = linksOf(written).find(({ link }) => link.trace !== undefined && link.start !== 'random');
  if (replayed === undefined) return [];
  return [value(['measure', 'warm_up'], `nothing is cut where ${formatPath(replayed.path)} replays a recording from its beginning; write start: random there, or warm_up: none, or leave it out`)];
}

/** A link with absolute paths, and with the points of a table that was named by its path. */
export async function linkOf(written: unknown, path: Path, directory: string, issues: Issue[]): Promise<Link | undefined> {
  if (written === undefined) return undefined;
  const link = { ...(written as Link) };
  if (link.trace !== undefined) {
    link.trace = resolve(directory, link.trace);
    const fault = await access(link.trace).then(
      () => undefined,
      (error: unknown) => readingFault(error, String(link.trace)),
    );
    if (fault !== undefined) issues.push(value([...path, 'trace'], `${fault}; the path is relative to the scenario`));
  }
  if (typeof link.survival === 'string') {
    try {
      link.survival = await readSurvivalTable(resolve(directory, link.survival));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push(value([...path, 'survival'], error.message));
    }
  }
  return link;
}

/** `up` and `down` of something, as `linkOf`; what is not there stays absent. */
export async function linksOn(written: unknown, path: Path, directory: string, issues: Issue[]): Promise<Links> {
  const links: Links = {};
  for (const direction of ['up', 'down'] as const) {
    const link = await linkOf((written as Record<string, unknown> | undefined)?.[direction], [...path, direction], directory, issues);
    if (link !== undefined) links[direction] = link;
  }
  return links;
}

/** Whether a link replays a recording from its beginning, so that the law of the network changes over a run as in a replayed trace. */
export function replaysRecording({ network, sites }: Pick<Scenario, 'network' | 'sites'>): boolean {
  const links: (Links | undefined)[] = [network, ...Object.values(network.cells ?? {}), ...sites.map((site) => site.network)];
  return [...links.flatMap((its) => [its?.up, its?.down]), network.between_sites].some((link) => link?.trace !== undefined && link.start !== 'random');
}
