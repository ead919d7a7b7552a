import { Outcome } from '../../control/driver.js';
import { EdgeSite } from '../../executor/elsewhere/edge-site.js';
import type { SiteElsewhere } from '../../executor/elsewhere/site.js';
import type { ModelChoice } from '../../executor/engines/tensorflow/options.js';
import type { EventLog } from '../../executor/log/event-log.js';
import type { AnsweredBy } from '../../executor/options.js';
import { InputError } from '../../input/error.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { sourcesOf } from '../arrivals.js';
import { systemOf } from '../assemble.js';
import { policyFault } from '../policy-fault.js';
import { openServing } from '../serving/open.js';
import { siteNamed } from '../serving/part.js';
import { imagesOf } from '../verify/images.js';
import { sendOnTime } from '../verify/send-on-time.js';

export interface PhoneOptions {
  /** The site that this client is; undefined for one without models of its own. */
  phone: string | undefined;
  /** Where the servers of the other sites are: address by the site's name. */
  edges: ReadonlyMap<string, string>;
  /** That the servers want. */
  token?: string;
  /** What computes here: a key of `engines`. */
  backend: string;
  models: Readonly<Record<string, ModelChoice>>;
  /** Whose draws the arrivals and thoughts of the simulation are. */
  replication: number;
  log?: EventLog;
  signal: AbortSignal;
  onProgress?: (at: { sent: number; open: number; nowMs: number }) => void;
  /** Of a process here that died, or a site that is lost or back. */
  onNotice?: (sentence: string) => void;
}

/** What became of a request. Times in ms since the first could come; NaN where it never came to that. */
export interface PhoneRequest {
  /** Position among those of its app. */
  ordinal: number;
  app: string;
  dueMs: number;
  sentMs: number;
  endedMs: number;
  outcome: keyof typeof Outcome;
  /** Infinity without one. */
  sloMs: number;
  /** Who answered; undefined where nobody did. */
  site: string | undefined;
  model: string | undefined;
  /** How long it was on its way to that site. */
  uploadMs: number;
}

const OUTCOMES = Object.keys(Outcome) as (keyof typeof Outcome)[];
const PROGRESS_EVERY_MS = 200;

/**
 * Is one client of a scenario: its requests come when those of the simulation come, its router sends each to a site, and the other
 * sites are servers.
 *
 * @returns all requests, in the order in which they were sent
 * @throws InputError if a site has no server, or one is another site, or a model cannot be loaded here
 */
export async function phoneRun(alternative: ResolvedAlternative, options: PhoneOptions): Promise<PhoneRequest[]> {
  const { backend, models, signal } = options;
  const { scenario } = alternative;
  const broken = new AbortController();
  const executor = await openServing(alternative, {
    backend,
    models,
    elsewhere: sitesElsewhere(alternative, options),
    options: {
      ...(options.log && { log: options.log }),
      report: { workerDied: (worker, why) => options.onNotice?.(`worker ${worker} died: ${why}`), siteLost: (site, isLost) => options.onNotice?.(`site ${scenario.sites[site].name} ${isLost ? 'does not answer' : 'answers again'}`), failed: () => broken.abort() },
    },
  });
  let progress: NodeJS.Timeout | undefined;
  try {
    await executor.begin();
    const images = imagesOf(executor, scenario.seed);
    const beganMs = executor.nowMs;
    const nowMs = (): number => executor.nowMs - beganMs;
    const answeredBy: (AnsweredBy | undefined)[] = [];
    let sent = 0;
    if (options.onProgress !== undefined) progress = setInterval(() => options.onProgress!({ sent, open: executor.control.books.inSystem, nowMs: nowMs() }), PROGRESS_EVERY_MS);
    const requests = await sendOnTime({
      sources: await sourcesOf(alternative, scenario.seed, options.replication),
      horizonMs: scenario.duration_s === undefined ? Infinity : scenario.duration_s * 1000,
      nowMs,
      submit: (app, sloMs, done) => {
        const at = sent++;
        executor.submit(app, images[app], sloMs, (outcome, _answer, by) => {
          answeredBy[at] = by;
          done(outcome);
        });
      },
      signal: AbortSignal.any([signal, broken.signal]),
    });
    await executor.stop(signal.aborted ? 0 : (scenario.measure.drain_s ?? Math.max(60, executor.longestSloMs / 100)) * 1000);
    if (executor.failure !== undefined) throw policyFault(executor.failure, alternative);
    const ordinals = scenario.workload.map(() => 0);
    const { laneSpecs } = executor.control;
    return requests.map(({ app, dueMs, sentMs, endedMs, outcome, sloMs }, i) => {
      const by = answeredBy[i];
      return {
        ordinal: ordinals[app]++,
        app: scenario.workload[app].app,
        dueMs,
        sentMs,
        endedMs,
        outcome: outcome === undefined ? 'unfinished' : OUTCOMES[outcome],
        sloMs,
        site: by && scenario.sites[laneSpecs[by.lane].site].name,
        model: by && laneSpecs[by.lane].model,
        uploadMs: by?.uploadMs ?? NaN,
      };
    });
  } finally {
    clearInterval(progress);
    await executor.stop(0);
  }
}

/** Every site but the client's own, with its server. @throws InputError if one has none */
function sitesElsewhere(alternative: ResolvedAlternative, { phone, edges, token }: PhoneOptions): Map<number, SiteElsewhere> {
  const { sites } = alternative.scenario;
  const own = phone === undefined ? undefined : siteNamed(alternative, phone, '--phone');
  for (const name of edges.keys()) if (siteNamed(alternative, name, '--edge') === own) throw new InputError(`--edge ${name}=…: ${name} is this client itself (--phone)`);
  const { apps } = systemOf(alternative);
  return new Map(
    sites.flatMap(({ name }, site) => {
      if (site === own) return [];
      const url = edges.get(name);
      if (url === undefined) throw new InputError(`site ${name} needs its server: start corun serve SCENARIO --site ${name}, and say --edge ${name}=http://HOST:PORT${phone === undefined ? `; or is ${name} this client? then say --phone ${name}` : ''}`);
      return [[site, new EdgeSite({ site: name, url, apps: apps.filter(({ stages }) => stages.every((stage) => stage.sites.includes(site))).map((app) => app.name), ...(token !== undefined && { token }) })]];
    }),
  );
}
