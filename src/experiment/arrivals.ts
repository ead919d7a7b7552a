import type { ResolvedAlternative, Workload } from '../scenario/scenario.js';
import { replaysRecording } from '../scenario/network.js';
import { stream, type Seed } from '../random/stream.js';
import { ClientSource, OpenSource, type Source } from '../simulator/sources.js';
import type { Arrivals } from '../trace/arrivals.js';
import { cachedArrivals } from '../trace/cached.js';
import { mapped } from '../trace/mapped.js';
import { generators } from '../trace/generators.js';
import type { ArrivalGenerator } from '../trace/generator.js';
import { replay } from '../trace/replay.js';

/** Traces that were opened in this thread: replications and alternatives replay the same ones. */
const opened = new Map<string, () => Arrivals | Promise<Arrivals>>();

/**
 * The sources of requests of one run, one per app, in the order of the workload.
 *
 * @param loadFactor the same requests so many times faster; closed-loop clients are left as they are
 */
export async function sourcesOf({ scenario }: ResolvedAlternative, seed: Seed, replication: number, loadFactor = 1): Promise<Source[]> {
  const untilMs = scenario.duration_s === undefined ? Infinity : scenario.duration_s * 1000;
  const apps = scenario.workload.map(({ app }) => app);
  const sources: Source[] = [];
  for (const [index, workload] of scenario.workload.entries()) {
    const sloMs = workload.slo_ms ?? Infinity;
    if (workload.clients) {
      const { clients, app } = workload;
      const draws = Array.from({ length: clients.count }, (_, client) => stream(seed, replication, 'think', app, client));
      sources.push(new ClientSource(index, clients, draws, sloMs, untilMs / loadFactor));
    } else sources.push(new OpenSource(index, faster(await arrivalsOf(workload, apps, seed, replication, untilMs), loadFactor), sloMs, untilMs / loadFactor));
  }
  return sources;
}

function faster(arrivals: Arrivals, factor: number): Arrivals {
  if (factor === 1) return arrivals;
  return mapped(arrivals, (request, give) => {
    if (request !== undefined) give(request.timeMs / factor, request.sloMs);
  });
}

async function arrivalsOf(workload: Workload, apps: string[], seed: Seed, replication: number, untilMs: number): Promise<Arrivals> {
  const { app, trace, arrivals } = workload;
  if (trace !== undefined) {
    const key = JSON.stringify([trace, app, apps]);
    let open = opened.get(key);
    if (open === undefined) {
      open = cachedArrivals(() => replay(trace, { app, apps }));
      opened.set(key, open);
    }
    return open();
  }
  const { process, ...options } = arrivals!;
  const generator = (generators as Record<string, ArrivalGenerator>)[process];
  return generator.create(options, stream(seed, replication, 'arrivals', app), untilMs);
}

/** Whether all traffic and all links are drawn from laws that do not change with time, so that there is a steady state to warm up to. */
export function isStationary(scenario: ResolvedAlternative['scenario']): boolean {
  return !replaysRecording(scenario) && scenario.workload.every(
    ({ clients, arrivals }) => clients !== undefined || (arrivals !== undefined && (generators as Record<string, ArrivalGenerator>)[arrivals.process].stationary),
  );
}
