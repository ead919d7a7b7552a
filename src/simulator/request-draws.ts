import type { Control } from '../control/control.js';
import { enlarged } from '../control/requests.js';
import { NONE } from '../policy/contract.js';
import { stream, type Seed, type Stream } from '../random/stream.js';
import type { Delay } from '../scenario/scenario.js';
import { delayQuantile } from './network.js';
import type { Physics } from './physics.js';
import type { Source } from './sources.js';
import type { World } from './world.js';

/** Streams that the requests of one sender draw from, by stage where it matters; what nothing depends on is not drawn. */
interface SenderStreams {
  service: (Stream | undefined)[];
  wait: Stream | undefined;
  up: Stream | undefined;
  down: Stream | undefined;
  label: Stream | undefined;
}

/** Whose request it is, and the draws that belong to it: all made at its birth, so that alternatives share them whatever they do. */
export class RequestDraws {
  /** By request: its source's position, and its closed-loop client or NONE. */
  source = new Int32Array(0);
  client = new Int32Array(0);
  /** One-way delays of the request that was born last, and of each request's answer. */
  upMs = 0;
  downMs = new Float64Array(0);
  /** By request: whether its answer will be labelled, and whether it is right, as uniform draws. */
  labelled = new Float64Array(0);
  right = new Float64Array(0);
  readonly hasDown: boolean;
  private service = new Float64Array(0);
  private wait = new Float64Array(0);
  private capacity = 0;
  private readonly control: Control;
  private readonly seed: Seed;
  private readonly replication: number;
  private readonly senders: readonly SenderStreams[][];
  private readonly upQuantile: ((u: number) => number) | undefined;
  private readonly downQuantile: ((u: number) => number) | undefined;

  constructor(control: Control, physics: readonly Physics[], sources: readonly Source[], seed: Seed, replication: number, network: { up?: Delay; down?: Delay }, world?: World) {
    this.control = control;
    this.seed = seed;
    this.replication = replication;
    this.upQuantile = network.up && delayQuantile(network.up);
    this.downQuantile = network.down && delayQuantile(network.down);
    this.hasDown = this.downQuantile !== undefined;
    this.senders = sources.map((source) => this.streamsOf(source, physics, world?.has(source.app) ?? false));
  }

  /** Makes the draws of a request that was just born. */
  born(request: number, source: number, client: number): void {
    const { requests } = this.control;
    if (requests.capacity !== this.capacity) this.grow();
    const streams = this.senders[source][client === NONE ? 0 : client];
    const { service, wait, up, down, label } = streams;
    const first = request * requests.stageCount;
    for (let stage = 0; stage < service.length; stage++) {
      const draw = service[stage];
      if (draw !== undefined) this.service[first + stage] = draw();
      if (wait !== undefined) this.wait[first + stage] = wait();
    }
    if (down !== undefined) this.downMs[request] = this.downQuantile!(down());
    if (label !== undefined) {
      this.labelled[request] = label();
      this.right[request] = label();
    }
    this.upMs = up === undefined ? 0 : this.upQuantile!(up());
    this.source[request] = source;
    this.client[request] = client;
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

  private redrawn(request: number): number {
    const { requests, system } = this.control;
    const app = system.apps[requests.app[request]].name;
    const key = [requests.stage[request], requests.ordinal[request], requests.attempts[request]];
    return stream(this.seed, this.replication, 'service', app, this.client[request], ...key)();
  }

  private streamsOf(source: Source, physics: readonly Physics[], isLabelled: boolean): SenderStreams[] {
    const { system, laneSpecs } = this.control;
    const app = system.apps[source.app];
    const isSpread = app.stages.map((_, stage) =>
      laneSpecs.some((l, lane) => l.app === source.app && l.stage === stage && physics.some((p) => p.lanes[lane]?.isSpread)),
    );
    const hasSlices = physics.some((p) => p.jobs.some((job) => job !== undefined && job.sliceMs > 0 && job.sliceBusy > 0));
    return Array.from({ length: source.senders }, (_, sender) => {
      const keyed = (what: string, ...more: number[]): Stream => stream(this.seed, this.replication, what, app.name, sender, ...more);
      return {
        service: isSpread.map((spread, stage) => (spread ? keyed('service', stage) : undefined)),
        wait: hasSlices ? keyed('wait') : undefined,
        up: this.upQuantile && keyed('up'),
        down: this.downQuantile && keyed('down'),
        label: isLabelled ? keyed('label') : undefined,
      };
    });
  }

  private grow(): void {
    const { capacity, stageCount } = this.control.requests;
    this.capacity = capacity;
    this.service = enlarged(this.service, capacity * stageCount);
    this.wait = enlarged(this.wait, capacity * stageCount);
    this.downMs = enlarged(this.downMs, capacity);
    this.labelled = enlarged(this.labelled, capacity);
    this.right = enlarged(this.right, capacity);
    this.source = enlarged(this.source, capacity);
    this.client = enlarged(this.client, capacity);
  }
}
