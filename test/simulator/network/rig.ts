import type { Control } from '../../../src/control/control.js';
import { Network } from '../../../src/simulator/network/network.js';
import type { LinkSpec, NetworkSpec } from '../../../src/simulator/network/spec.js';
import type { RequestDraws } from '../../../src/simulator/request-draws.js';
import { Recording } from '../../../src/trace/network/recording.js';

export const fixed = (ms: number, more: Partial<LinkSpec> = {}): LinkSpec => ({ delayMs: () => ms, isDelayDrawn: false, queuePackets: Infinity, ...more });
export const rate = (rateMbps: number, more: Partial<LinkSpec> = {}): LinkSpec => fixed(0, { bottleneck: { rateMbps }, ...more });
export const recorded = (timeMs: readonly number[], more: Partial<LinkSpec> = {}): LinkSpec =>
  fixed(0, { bottleneck: { recording: new Recording(Float64Array.from(timeMs)), startsAnywhere: false }, ...more });

export interface Rig {
  network: Network;
  /** Sends a request of an app up to a site, or its answer down from it. @returns its number */
  send(direction: 'up' | 'down', atMs: number, app?: number, site?: number): number;
  /** Moves everything that is due up to a moment. */
  until(ms: number): void;
  /** When each request arrived, or its answer did, in that order; `lost` for those that were. */
  readonly ends: [request: number, ms: number | 'lost'][];
}

/** A network without a simulator: requests are what is sent, and control only writes down what it is told. */
export function rig(spec: NetworkSpec, sites = spec.sites?.length ?? 1, draw: (request: number) => number = () => 0.5): Rig {
  const ends: [number, number | 'lost'][] = [];
  const requests = { stageCount: 1, app: [] as number[], path: [] as number[], stage: [] as number[], attempts: [] as number[] };
  const arrived = (request: number, nowMs: number): void => void ends.push([request, nowMs]);
  const control = {
    system: { apps: spec.apps ?? [{}], sites: Array.from({ length: sites }, (_, i) => ({ name: `site ${i}` })) },
    requests,
    arrived,
    delivered: arrived,
    lost: (request: number) => void ends.push([request, 'lost']),
  };
  const draws = { accessOf: draw, siteOf: draw, startOf: draw, forwardOf: draw };
  const network = new Network(spec, control as unknown as Control, draws as unknown as RequestDraws, 1, 0);
  const until = (ms: number): void => {
    while (network.nextMs <= ms) network.step(network.nextMs);
  };
  return {
    network,
    ends,
    until,
    send(direction, atMs, app = 0, site = 0) {
      until(atMs);
      const request = requests.app.length;
      requests.app.push(app);
      requests.path.push(site);
      requests.stage.push(direction === 'up' ? 0 : 1);
      requests.attempts.push(0);
      const isThere = direction === 'up' ? network.upload(request, site, atMs) : network.answer(request, atMs);
      if (isThere) arrived(request, atMs);
      return request;
    },
  };
}

export const app = (more: Partial<NonNullable<NetworkSpec['apps']>[number]> = {}): NonNullable<NetworkSpec['apps']>[number] => ({ uploadBytes: 1500, answerBytes: 1500, handOnBytes: [], ...more });
