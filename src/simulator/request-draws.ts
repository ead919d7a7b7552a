import type { Control } from '../control/control.js';
import { enlarged } from '../control/requests.js';
import { Leg } from '../control/legs.js';
import { NONE } from '../policy/contract.js';
import { scrambled } from '../random/scrambled.js';
import { stream, type Seed, type Stream } from '../random/stream.js';
import { startsAnywhere, type NetworkSpec } from './network/spec.js';
import type { Physics } from './physics.js';
import type { Source } from './sources.js';
import type { World } from './world.js';

/** Streams that the requests of one sender draw from, by stage where it matters; what nothing depends on is not drawn. */
interface SenderStreams {
  service: (Stream | undefined)[];
  wait: Stream | undefined;
  turns: Stream | undefined;
  idle: Stream | undefined;
  /** By kind of network draw, those that are wanted. A client's place in a recording is the same for all its requests. */
  network: readonly ((client: number) => number)[];
  label: Stream | undefined;
}

/** What a request draws for its way, by direction (0 up, 1 down): its delays, and where in a recording its phone is. */
const NETWORK_DRAWS = ['up', 'down', 'site-up', 'site-down', 'up-start', 'down-start'] as const;
type NetworkDraw = (typeof NETWORK_DRAWS)[number];

/** Whose request it is, and the draws that belong to it: all made at its birth, so that alternatives share them whatever they do. */
export class RequestDraws {
  /** By request: its source's position, and its closed-loop client or NONE. */
  source = new Int32Array(0);
  client = new Int32Array(0);
  /** By request: whether its answer will be labelled, and whether it is right, as uniform draws. */
  labelled = new Float64Array(0);
  right = new Float64Array(0);
  private service = new Float64Array(0);
  private wait = new Float64Array(0);
  private turns = new Float64Array(0);
  private idle = new Float64Array(0);
  private capacity = 0;
  private readonly control: Control;
  private readonly seed: Seed;
  private readonly replication: number;
  /** An answer takes the draw of its request's way up. */
  private readonly isSymmetric: boolean;
  private readonly senders: readonly SenderStreams[][];
  /** The kinds of network draws that something depends on, and by kind of draw the number of each request. */
  private readonly wanted: readonly number[];
  private readonly network: Float64Array[];

  constructor(control: Control, physics: readonly Physics[], sources: readonly Source[], seed: Seed, replication: number, network: NetworkSpec, world?: World) {
    this.control = control;
    this.seed = seed;
    this.replication = replication;
    this.isSymmetric = network.isSymmetric ?? false;
    this.wanted = NETWORK_DRAWS.flatMap((draw, kind) => (isWanted(draw, network) ? [kind] : []));
    this.network = NETWORK_DRAWS.map(() => new Float64Array(0));
    this.senders = sources.map((source) => this.streamsOf(source, physics, world?.has(source.app) ?? false));
  }

  /** Makes the draws of a request that was just born. */
  born(request: number, source: number, client: number): void {
    const { requests } = this.control;
    if (requests.capacity !== this.capacity) this.grow();
    const streams = this.senders[source][client === NONE ? 0 : client];
    const { service, wait, turns, idle, label } = streams;
    const first = request * requests.stageCount;
    for (let stage = 0; stage < service.length; stage++) {
      const draw = service[stage];
      if (draw !== undefined) this.service[first + stage] = draw();
      if (wait !== undefined) this.wait[first + stage] = wait();
      if (turns !== undefined) this.turns[first + stage] = turns();
      if (idle !== undefined) this.idle[first + stage] = idle();
    }
    const { wanted } = this;
    if (wanted.length > 0) for (let i = 0; i < wanted.length; i++) this.network[wanted[i]][request] = streams.network[i](client);
    if (label !== undefined) {
      this.labelled[request] = label();
      this.right[request] = label();
    }
    this.source[request] = source;
    this.client[request] = client;
  }

  /** A second leg has the same sender and the same label, and luck of its own made from that of the first: no other request's draws move. */
  duplicated(request: number, leg: number): void {
    const { requests } = this.control;
    if (requests.capacity !== this.capacity) this.grow();
    for (const column of [this.source, this.client, this.labelled, this.right]) column[leg] = column[request];
    for (const column of [this.service, this.wait, this.turns, this.idle])
      for (let stage = 0; stage < requests.stageCount; stage++) column[leg * requests.stageCount + stage] = scrambled(column[request * requests.stageCount + stage]);
    for (const kind of this.wanted) {
      const column = this.network[kind];
      column[leg] = NETWORK_DRAWS[kind].endsWith('-start') ? column[request] : scrambled(column[request]);
    }
  }

  /** The uniform draw of the service at the request's present stage. A further attempt has one of its own, which moves no other. */
  serviceOf(request: number): number {
    const { requests } = this.control;
    if (requests.attempts[request] > 0) return this.redrawn(request);
    return this.service[request * requests.stageCount + requests.stage[request]];
  }

  /** The uniform draw of the wait for a training slice at the request's present stage. */
  waitOf(request: number): number {
    const { requests } = this.control;
    return this.wait[request * requests.stageCount + requests.stage[request]];
  }

  /** The uniform draw of how often neighbours interrupt the request at its present stage. */
  turnsOf(request: number): number {
    const { requests } = this.control;
    return requests.attempts[request] > 0 ? this.redrawn(request, 'turns') : this.turns[request * requests.stageCount + requests.stage[request]];
  }

  /** The uniform draw of what the idleness of its process costs the request at its present stage. */
  idleOf(request: number): number {
    const { requests } = this.control;
    return requests.attempts[request] > 0 ? this.redrawn(request, 'idle') : this.idle[request * requests.stageCount + requests.stage[request]];
  }

  /** The uniform draw of the delay on the access link, of the request (0) or its answer (1). A further upload has one of its own. */
  accessOf(request: number, direction: number): number {
    if (direction === 1 && !this.isSymmetric) return this.network[1][request];
    return this.control.requests.attempts[request] > 0 ? this.redrawn(request, 'up') : this.network[0][request];
  }

  /** As `accessOf`, on the link of the site; the same whichever site it is. */
  siteOf(request: number, direction: number): number {
    return direction === 0 && this.control.requests.attempts[request] > 0 ? this.redrawn(request, 'site-up') : this.network[2 + direction][request];
  }

  /** The uniform draw of the delay from the site of the stage before to that of the present one. */
  forwardOf(request: number): number {
    return this.redrawn(request, 'forward');
  }

  /** The uniform draw of where in the recording of its link the request's phone is. */
  startOf(request: number, direction: number): number {
    return this.network[4 + direction][request];
  }

  private redrawn(request: number, what = 'service'): number {
    const { requests, system } = this.control;
    const app = system.apps[requests.app[request]].name;
    const key = [requests.stage[request], requests.ordinal[request], requests.attempts[request]];
    const whose = (requests.legs[request] & Leg.second) === 0 ? what : `second ${what}`;
    return stream(this.seed, this.replication, whose, app, this.client[request], ...key)();
  }

  private streamsOf(source: Source, physics: readonly Physics[], isLabelled: boolean): SenderStreams[] {
    const { system, laneSpecs } = this.control;
    const app = system.apps[source.app];
    const isSpread = app.stages.map((_, stage) =>
      laneSpecs.some((l, lane) => l.app === source.app && l.stage === stage && physics.some((p) => p.lanes[lane]?.isSpread)),
    );
    const sliceOf = (p: Physics, job: number) => p.job(job, {}) ?? { sliceMs: 0, sliceBusy: 0 };
    const hasSlices = physics.some((p) => system.jobs.some((_, job) => sliceOf(p, job).sliceMs > 0 && sliceOf(p, job).sliceBusy > 0));
    return Array.from({ length: source.senders }, (_, sender) => {
      const keyed = (what: string, ...more: number[]): Stream => stream(this.seed, this.replication, what, app.name, sender, ...more);
      return {
        service: isSpread.map((spread, stage) => (spread ? keyed('service', stage) : undefined)),
        wait: hasSlices ? keyed('wait') : undefined,
        turns: physics.some((p) => p.turnMs > 0) ? keyed('turns') : undefined,
        idle: physics.some((p) => p.lanes.some((lane) => lane?.afterIdle)) ? keyed('idle') : undefined,
        network: this.wanted.map((kind) => {
          const what = NETWORK_DRAWS[kind];
          const draw = keyed(what);
          let place: number | undefined;
          return (client: number) => (client !== NONE && what.endsWith('-start') ? (place ??= draw()) : draw());
        }),
        label: isLabelled ? keyed('label') : undefined,
      };
    });
  }

  private grow(): void {
    const { capacity, stageCount } = this.control.requests;
    this.capacity = capacity;
    this.service = enlarged(this.service, capacity * stageCount);
    this.wait = enlarged(this.wait, capacity * stageCount);
    this.turns = enlarged(this.turns, capacity * stageCount);
    this.idle = enlarged(this.idle, capacity * stageCount);
    for (const kind of this.wanted) this.network[kind] = enlarged(this.network[kind], capacity);
    this.labelled = enlarged(this.labelled, capacity);
    this.right = enlarged(this.right, capacity);
    this.source = enlarged(this.source, capacity);
    this.client = enlarged(this.client, capacity);
  }
}

/** Whether anything depends on a draw; what nothing depends on is not drawn. */
function isWanted(draw: NetworkDraw, { apps = [], sites = [], isSymmetric = false }: NetworkSpec): boolean {
  if (draw === 'down' && isSymmetric) return false;
  const direction = draw.includes('up') ? 'up' : 'down';
  if (draw.startsWith('site-')) return sites.some((site) => site[direction]?.isDelayDrawn);
  if (draw.endsWith('-start')) return apps.some((app) => app.cell === undefined && startsAnywhere(app[direction]));
  return apps.some((app) => app[direction]?.isDelayDrawn);
}
