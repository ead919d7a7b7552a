import {
  Event,
  NONE,
  type DecisionKind,
  type DecisionOf,
  type Declared,
  type PolicyDefinition,
} from '../policy/contract.js';
import { Books, BooksError } from './books.js';
import { Outcome, type Driver, type Observer } from './driver.js';
import { Devices } from './devices.js';
import { Elsewhere } from './elsewhere.js';
import { Jobs } from './jobs.js';
import { FifoLane, OrderedLane, type Lane } from './lane.js';
import { LateCommands } from './late-commands.js';
import { Legs } from './legs.js';
import { Outages } from './outages.js';
import { Requests } from './requests.js';
import { Storage } from './storage.js';
import { Supervisor } from './supervisor.js';
import { lanesOf, type LaneSpec, type System } from './system.js';
import { Wakes } from './wakes.js';
import { eventBits } from './wants.js';
import { type Worker, WorkerState } from './worker.js';
import { DispatchDesk } from './dispatch-desk.js';
import { PolicyError } from './policy-error.js';
import { Placement } from './placement.js';
import { Processes } from './processes.js';
import { RetrainDesk } from './retrain-desk.js';
import { RouteDesk } from './route-desk.js';
import { SelectDesk } from './select-desk.js';
import { ServiceTimes } from './service-times.js';

/** A policy at work: its definition, and the instance made for this run. */
export interface Hired<K extends DecisionKind> {
  definition: PolicyDefinition<K>;
  decision: DecisionOf<K> & Declared;
}

/** The bundle of decisions that runs a system: one router and placement for all, one of each other policy per site. */
export interface Bundle {
  route: Hired<'route'>;
  select: readonly Hired<'select'>[];
  place: Hired<'place'>;
  dispatch: readonly Hired<'dispatch'>[];
  retrain: readonly Hired<'retrain'>[];
}

const MEASURED_WEIGHT = 0.1;
const WORK_EVENTS = (1 << Event.busy) | (1 << Event.idle);

/**
 * The state machine that the simulator and the executor share: it is told what happened and when, asks the policies,
 * and gives commands to its driver. Queues, batches, retries and books exist here and nowhere else. It reads no clock.
 */
export class Control {
  readonly system: System;
  readonly driver: Driver;
  readonly books = new Books();
  readonly requests: Requests;
  readonly laneSpecs: readonly LaneSpec[];
  readonly lanes: readonly Lane[];
  readonly workers: Worker[] = [];
  /** Batches in flight per accelerator. */
  readonly inFlight: Int32Array;
  /** Living workers by lane × accelerator. */
  readonly residents: Int32Array;
  /** Workers that have loaded their model, by lane; and how often that changed. */
  readonly loadedWorkers: Int32Array;
  loadedChanges = 0;
  /** Per accelerator: memory of the processes that are meant to be there, the fixed part included. */
  readonly memoryMiB: Float64Array;
  readonly jobs: Jobs;
  /** Moving average of the observed time per batch, by lane. */
  readonly measuredMs: Float64Array;
  /** The same of the requests per batch, from 1. */
  readonly measuredBatch: Float64Array;
  /** Requests that a batch of the lane is to hold at most, as the placement planned; 1 where it plans none. */
  readonly plannedBatch: Int32Array;
  /** Times of the variants of stages that have several. */
  readonly serviceTimes: ServiceTimes;
  readonly supervisor: Supervisor;
  readonly outages: Outages;
  readonly placement: Placement;
  /** Undefined where every site has every model. */
  readonly storage: Storage | undefined;
  /** Whether the placement wants to know of anything after the start; apart from it, since every request asks. */
  private readonly isPlacing: boolean;
  readonly legs: Legs;
  readonly devices: Devices;
  readonly elsewhere: Elsewhere;
  /** Moving average of the measured time from birth to the first site, by app × site; 0 before the first report. */
  readonly uploadMs: Float64Array;

  private readonly observer: Observer;
  private readonly bundle: Bundle;
  /** Idle workers by lane × accelerator; the last one to become idle is used first. */
  readonly idle: number[][];
  /** First lane by app, stage and site; those of further variants follow it. */
  private readonly laneAt: Int32Array;
  private readonly order: (PolicyDefinition<'dispatch'>['order'])[];
  private readonly keyed = { arrivedMs: 0, deadlineMs: 0, soloMs: 0 };
  readonly acceleratorCount: number;
  readonly siteCount: number;
  private readonly routeDesk: RouteDesk;
  readonly selectDesks: readonly SelectDesk[];
  /** By lane: how many variants its stage has at its site, and how right its answers are (a fraction; NaN where nobody says). */
  readonly variants: Int32Array;
  readonly accuracy: Float64Array;
  readonly dispatchDesks: readonly DispatchDesk[];
  private readonly retrainDesks: readonly RetrainDesk[];
  /** Of sites whose retraining controller is charged for its decisions. */
  private readonly lateCommands: readonly (LateCommands | undefined)[];
  /** Apart from the decision, since looking `on` up in objects of many shapes costs as much as a short policy. */
  private readonly dispatchOn: readonly DecisionOf<'dispatch'>['on'][];
  private readonly dispatchDecisions: readonly DecisionOf<'dispatch'>[];
  /** Events that each site's policies want, as bits. */
  private readonly dispatchWants: Int32Array;
  private readonly retrainWants: Int32Array;
  readonly wakes: Wakes;
  readonly processes: Processes;
  /** Per accelerator: whether its retraining controller was last told `busy`. */
  private readonly toldBusy: Uint8Array;
  nowMs = 0;

  constructor(system: System, bundle: Bundle, driver: Driver, observer: Observer) {
    this.system = system;
    this.bundle = bundle;
    this.driver = driver;
    this.observer = observer;
    this.laneSpecs = lanesOf(system);
    const stageCount = Math.max(...system.apps.map((app) => app.stages.length));
    this.requests = new Requests(stageCount);
    this.siteCount = system.sites.length;
    this.acceleratorCount = system.accelerators.length;
    this.laneAt = new Int32Array(system.apps.length * stageCount * this.siteCount).fill(NONE);
    this.order = this.laneSpecs.map(({ site }) => bundle.dispatch[site].definition.order);
    this.variants = new Int32Array(this.laneSpecs.length);
    this.accuracy = Float64Array.from(this.laneSpecs, ({ accuracy }) => accuracy ?? NaN);
    this.lanes = this.laneSpecs.map(({ app, stage, site, variant }, lane) => {
      if (variant === 0) this.laneAt[(app * stageCount + stage) * this.siteCount + site] = lane;
      return bundle.dispatch[site].definition.order ? new OrderedLane(this.requests) : new FifoLane();
    });
    this.idle = Array.from({ length: this.lanes.length * this.acceleratorCount }, () => []);
    this.inFlight = new Int32Array(this.acceleratorCount);
    this.residents = new Int32Array(this.lanes.length * this.acceleratorCount);
    this.loadedWorkers = new Int32Array(this.lanes.length);
    for (const { app, stage, site, variant } of this.laneSpecs) {
      const first = this.laneFor(app, stage, site);
      for (let other = 0; other <= variant; other++) this.variants[first + other] = variant + 1;
    }
    this.memoryMiB = Float64Array.from(system.accelerators, (a) => a.profile.accelerator?.fixed_mib ?? 0);
    this.measuredMs = Float64Array.from(this.laneSpecs, ({ site, model }) => {
      const host = system.accelerators.find((a) => a.site === site && a.profile.models[model]);
      return host ? host.profile.models[model].solo_ms : 0;
    });
    this.measuredBatch = new Float64Array(this.laneSpecs.length).fill(1);
    this.plannedBatch = new Int32Array(this.laneSpecs.length).fill(1);
    this.serviceTimes = new ServiceTimes(this.laneSpecs, system);
    this.jobs = new Jobs(this);
    this.outages = new Outages(this);
    this.legs = new Legs(this);
    this.elsewhere = new Elsewhere(this);
    this.devices = new Devices(this);
    this.supervisor = new Supervisor(this, system.supervision);
    if (system.repository !== undefined) this.storage = new Storage(system.repository, this.laneSpecs);
    this.placement = new Placement(this, bundle.place);
    this.isPlacing = this.placement.isAtWork;
    this.uploadMs = new Float64Array(system.apps.length * this.siteCount);
    this.routeDesk = new RouteDesk(this);
    this.selectDesks = system.sites.map((_, site) => new SelectDesk(this, bundle.select[site]));
    this.dispatchDesks = system.sites.map((_, site) => new DispatchDesk(this, site));
    this.retrainDesks = system.sites.map((_, site) => new RetrainDesk(this, site));
    this.lateCommands = this.retrainDesks.map((desk, site) => (driver.chargesDecisions === true && bundle.retrain[site].definition.costMs !== undefined ? new LateCommands(desk) : undefined));
    this.dispatchDecisions = bundle.dispatch.map(({ decision }) => decision);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its decision as `this`
    this.dispatchOn = this.dispatchDecisions.map(({ on }) => on);
    this.dispatchWants = Int32Array.from(bundle.dispatch, wants);
    this.retrainWants = Int32Array.from(bundle.retrain, wants);
    this.wakes = new Wakes(this, bundle);
    this.processes = new Processes(this);
    this.toldBusy = new Uint8Array(this.acceleratorCount);
  }

  // ------------------------------------------------------------------------------------------------ what happened

  /** Places workers and jobs, which are warm at time 0, then begins. @returns why the placement is impossible, if it is */
  begin(): string[] {
    const refusals = this.placement.begin();
    if (refusals.length > 0) return refusals;
    this.devices.begin();
    // Asked by the placement or not, a dispatch policy is to know who trains where.
    for (let accelerator = 0; accelerator < this.acceleratorCount; accelerator++) if (this.isPlaced(this.system.accelerators[accelerator].site)) this.concurrencyOf(accelerator);
    for (let site = 0; site < this.siteCount; site++) {
      if (!this.isPlaced(site)) continue;
      this.askDispatch(site, Event.start, NONE);
      this.askRetrain(site, Event.start, NONE);
    }
    this.supervisor.begin();
    return [];
  }

  /**
   * A request is born at its client.
   *
   * @param bornMs when that was, where it was sent here by another process
   * @returns its id, which is valid until the request ends
   */
  born(app: number, ordinal: number, sloMs: number, nowMs: number, bornMs = nowMs): number {
    this.nowMs = nowMs;
    this.books.birth(nowMs, bornMs);
    const { requests } = this;
    const request = requests.allocate();
    requests.app[request] = app;
    requests.ordinal[request] = ordinal;
    requests.bornMs[request] = bornMs;
    requests.deadlineMs[request] = bornMs + sloMs;
    requests.arrivedMs[request] = -1;
    requests.startedMs[request] = -1;
    requests.stage[request] = 0;
    requests.attempts[request] = 0;
    requests.lane[request] = NONE;
    requests.legs[request] = 0;
    return request;
  }

  /** Sends a request that was born on its way. Separate from `born`, so that a driver can note what belongs to the request first. */
  route(request: number): void {
    const desk = this.routeDesk;
    if (!desk.open(request)) {
      this.end(request, Outcome.failed);
      return;
    }
    this.bundle.route.decision.on(Event.arrived, this.requests.app[request], this.nowMs, desk, desk);
    const second = desk.close();
    if (desk.hasNoPlace) {
      this.end(request, Outcome.failed);
      return;
    }
    this.send(request);
    if (second !== NONE) this.send(second);
  }

  private send(request: number): void {
    // One that another process sent here has been under way since it was born.
    this.requests.sentMs[request] = this.requests.attempts[request] === 0 ? this.requests.bornMs[request] : this.nowMs;
    const site = this.requests.path[request * this.requests.stageCount];
    if (this.driver.upload(request, site)) this.arrived(request, this.nowMs);
  }

  /** A request reached the site of its present stage. */
  arrived(request: number, nowMs: number): void {
    this.nowMs = nowMs;
    const { requests } = this;
    if (requests.legs[request] !== 0 && this.legs.isWithdrawn(request)) {
      this.legs.discard(request);
      return;
    }
    let lane = this.laneOf(request);
    const site = this.laneSpecs[lane].site;
    if (this.outages.lostSites > 0 && this.outages.isSiteLost(site)) {
      this.displaced(request);
      return;
    }
    requests.arrivedMs[request] = nowMs;
    const uploadMs = nowMs - requests.bornMs[request];
    if (uploadMs > 0 && requests.stage[request] === 0 && requests.attempts[request] === 0) this.reportUpload(requests.app[request] * this.siteCount + site, uploadMs);
    if (this.variants[lane] > 1) lane = this.selectDesks[site].laneFor(request, lane);
    requests.lane[request] = lane;
    const order = this.order[lane];
    if (order === undefined) requests.key[request] = nowMs;
    else {
      this.keyed.arrivedMs = nowMs;
      this.keyed.deadlineMs = requests.deadlineMs[request];
      this.keyed.soloMs = this.measuredMs[lane];
      const key = order(this.keyed);
      if (!(key >= -Infinity)) throw new PolicyError('dispatch', `${this.bundle.dispatch[site].definition.name} returned ${String(key)} from order(); it must return a number, smallest first`);
      requests.key[request] = key;
    }
    this.lanes[lane].push(request);
    if (this.devices.isDevice[site] === 1) {
      this.devices.serve(lane);
      return;
    }
    if (this.isPlacing) this.placement.arrived(lane);
    this.askDispatch(site, Event.arrived, lane);
    this.watchWork(site);
  }

  /** A worker finished its batch. */
  finished(id: number, nowMs: number): void {
    this.nowMs = nowMs;
    const worker = this.workers[id];
    const { lane } = worker;
    const { site } = this.laneSpecs[lane];
    let request = worker.batch;
    const size = worker.batchSize;
    const tookMs = nowMs - this.requests.startedMs[request];
    this.measuredMs[lane] += MEASURED_WEIGHT * (tookMs - this.measuredMs[lane]);
    this.measuredBatch[lane] += MEASURED_WEIGHT * (size - this.measuredBatch[lane]);
    if (this.variants[lane] > 1) this.serviceTimes.observe(lane, tookMs);
    this.books.servedMs += tookMs;
    worker.batch = NONE;
    worker.batchSize = 0;
    this.inFlight[worker.accelerator]--;
    if (worker.leaving) this.processes.remove(worker);
    else this.rest(worker);
    while (request !== NONE) {
      const following = this.requests.next[request];
      if (this.requests.legs[request] !== 0) this.requests.servedMs[request] += tookMs / size;
      if (this.storage !== undefined) this.requests.accuracy[request] = this.storage.accuracy(lane, worker.version);
      this.advance(request, site);
      request = following;
    }
    if (this.devices.isDevice[site] === 1) {
      if (this.devices.isOnePhone) this.devices.serve(lane);
      return;
    }
    if (this.isPlacing) this.placement.ask(worker.leaving ? Event.evicted : Event.free, worker.leaving ? worker.accelerator : id);
    this.askDispatch(site, Event.free, id);
    this.watchWork(site);
  }

  /** A worker has loaded its model. */
  loaded(id: number, nowMs: number): void {
    this.nowMs = nowMs;
    const worker = this.workers[id];
    if (!worker.leaving) this.processes.countLoaded(worker.lane, 1);
    if (this.storage !== undefined) this.accuracy[worker.lane] = this.storage.accuracy(worker.lane, worker.version);
    if (worker.batch !== NONE) {
      worker.state = WorkerState.active;
      this.requests.startedMs[worker.batch] = nowMs;
      this.driver.start(id);
      return;
    }
    this.rest(worker);
    const { site } = this.laneSpecs[worker.lane];
    if (this.devices.isDevice[site] === 1) {
      this.devices.serve(worker.lane);
      return;
    }
    if (this.isPlacing) this.placement.ask(Event.free, id);
    this.askDispatch(site, Event.free, id);
  }

  /** A process died because the memory did not hold its model. */
  outOfMemory(id: number, nowMs: number): void {
    this.books.outOfMemory++;
    this.processes.ended(id, Event.outOfMemory, nowMs);
  }

  /** A process died by itself: it crashed, or could not load its model. */
  died(id: number, nowMs: number): void {
    this.processes.ended(id, Event.died, nowMs);
  }

  /** An accelerator vanished, and its processes with it; nothing will be heard of them any more. */
  acceleratorLost(accelerator: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.outages.loseAccelerator(accelerator);
    this.watchWork(this.system.accelerators[accelerator].site);
  }

  /** A lost accelerator is there again, empty. */
  acceleratorReturned(accelerator: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.outages.returnAccelerator(accelerator);
    this.watchWork(this.system.accelerators[accelerator].site);
  }

  /** A site cannot be reached any more, and has forgotten what waited there. Its accelerators are reported one by one. */
  siteLost(site: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.outages.loseSite(site);
  }

  siteReturned(site: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.outages.returnSite(site);
  }

  /** A pull is over; `whole`: the model lies in the site's storage now. */
  pulled(site: number, model: number, whole: boolean, nowMs: number): void {
    this.nowMs = nowMs;
    this.storage!.endPull(site, model, whole);
    this.placement.ask(whole ? Event.stored : Event.pullFailed, site);
  }

  /** What the next version of a model will be, where nobody foresaw it; `published` follows. @param accuracy a fraction; NaN if it is not known */
  described(model: number, sizeMiB: number, accuracy: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.storage!.describe(model, sizeMiB, accuracy);
  }

  /** The repository has a newer version of a model: the next one, unless another is named. */
  published(model: number, nowMs: number, version = this.storage!.newest[model] + 1): void {
    this.nowMs = nowMs;
    this.storage!.newest[model] = version;
    this.placement.ask(Event.published, model);
  }

  /** The repository's manager cannot be reached, or can again; pulls under way are reported one by one. */
  managerLost(isLost: boolean, nowMs: number): void {
    this.nowMs = nowMs;
    this.storage!.isManagerLost = isLost;
    if (!isLost) this.placement.ask(Event.returned, NONE);
  }

  /** An answer reached its client. */
  delivered(request: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.end(request, Outcome.answered);
  }

  /** A request on its way to a site, or its answer on its way back, was lost. */
  lost(request: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.end(request, Outcome.failed);
  }

  epochEnded(job: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.jobs.epochEnded(job);
  }

  /** A label of an answer of a job's weights came; `version` counts its deploys when the request was answered. */
  labelled(job: number, right: boolean, version: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.jobs.labelled(job, right, version);
  }

  /** A job's weights were tried on held-out images, and are in use if they were better. */
  deployed(job: number, better: boolean, nowMs: number): void {
    this.nowMs = nowMs;
    this.jobs.deployed(job, better);
  }

  paused(job: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.jobs.paused(job);
  }

  /** A wake-up that the driver was asked for (`Driver.wake`) is due. */
  timer(decision: number, nowMs: number): void {
    this.wakes.due(decision, nowMs);
  }

  /**
   * Ends the run: whatever is still in the system counts as unfinished.
   *
   * @param inTransit requests that the driver has on the way
   * @throws BooksError
   */
  close(nowMs: number, inTransit: number): void {
    this.nowMs = nowMs;
    const waiting = this.lanes.reduce((sum, lane) => sum + lane.length, 0);
    const held = this.workers.reduce((sum, worker) => sum + worker.batchSize, 0);
    const { legs, books } = this;
    if (waiting + held + inTransit + legs.held !== books.inSystem + legs.pairs + legs.strays)
      throw new BooksError(
        'once',
        `${books.inSystem} requests are in the system, ${legs.pairs} of them with a second leg, and ${legs.strays} legs of others; but ${waiting} wait, ${held} hold a worker, ${inTransit} are on the way and ${legs.held} answers are held`,
      );
    // Some records are withdrawn while others end.
    for (const request of this.requests) this.end(request, Outcome.unfinished);
    this.books.close();
  }

  // ------------------------------------------------------------------------------------- what the desks carry out

  /** How many batches the site's dispatch policy runs at once on an accelerator at most, given the jobs assigned so far. */
  concurrencyOf(accelerator: number): number {
    const { decision } = this.bundle.dispatch[this.system.accelerators[accelerator].site];
    const { concurrency } = decision;
    if (typeof concurrency !== 'function') return concurrency ?? Infinity;
    const job = this.jobs.on(accelerator);
    return concurrency.call(decision, accelerator, job === NONE ? undefined : this.system.jobs[job].model);
  }

  /** Whether the placement decides what is loaded at a site; not on phones, and not where another process decides. */
  isPlaced(site: number): boolean {
    return this.devices.isDevice[site] === 0 && !this.elsewhere.has(site);
  }

  /** The lane of a request's present stage at its site; where there are several variants, that of the first. */
  laneOf(request: number): number {
    const { requests } = this;
    const { stageCount } = requests;
    const stage = requests.stage[request];
    return this.laneFor(requests.app[request], stage, requests.path[request * stageCount + stage]);
  }

  /** The lane of an app's stage at a site (of its first variant there), or NONE if the site cannot run it. */
  laneFor(app: number, stage: number, site: number): number {
    return this.laneAt[(app * this.requests.stageCount + stage) * this.siteCount + site];
  }

  idleWorkers(lane: number, accelerator: number): readonly number[] {
    return this.idle[lane * this.acceleratorCount + accelerator];
  }

  start(lane: number, n: number, id: number): void {
    const worker = this.workers[id];
    const queue = this.lanes[lane];
    const { requests } = this;
    const idle = this.idle[lane * this.acceleratorCount + worker.accelerator];
    if (idle[idle.length - 1] === id) idle.pop();
    else idle.splice(idle.indexOf(id), 1);
    let tail = NONE;
    for (let i = 0; i < n; i++) {
      const request = queue.shift();
      requests.startedMs[request] = this.nowMs;
      requests.next[request] = NONE;
      if (tail === NONE) worker.batch = request;
      else requests.next[tail] = request;
      tail = request;
    }
    worker.batchSize = n;
    worker.state = WorkerState.active;
    this.inFlight[worker.accelerator]++;
    this.driver.start(id);
  }

  /** What a lost site knew of this request is gone: its client sends it again from the beginning, if it may. */
  displaced(request: number): void {
    if (this.mayRetry(request)) {
      this.requests.stage[request] = 0;
      this.route(request);
    } else this.end(request, Outcome.failed);
  }

  reject(request: number): void {
    this.end(request, Outcome.rejected);
  }

  /** Whether the retraining policy of a job's site says itself when weights are deployed. */
  deploysByItself(job: number): boolean {
    return this.bundle.retrain[this.system.jobs[job].site].definition.deploys === true;
  }

  /** Requests that hold a worker of this accelerator or wait in a lane that has one there. */
  inferenceWork(accelerator: number): number {
    let work = this.inFlight[accelerator];
    const { site } = this.system.accelerators[accelerator];
    for (const lane of this.dispatchDesks[site].lanes)
      if (this.residents[lane * this.acceleratorCount + accelerator] > 0) work += this.lanes[lane].length;
    return work;
  }

  /** Asks the placement, and all policies of a site. */
  tellSite(site: number, event: Event, subject: number): void {
    if (this.devices.isDevice[site] === 1) {
      this.devices.serveAll(site);
      return;
    }
    this.placement.ask(event, subject);
    this.askDispatch(site, event, subject);
    this.askRetrain(site, event, subject);
  }

  /** A leg left its queue because its request has ended. */
  withdrew(lane: number): void {
    this.watchWork(this.laneSpecs[lane].site);
  }

  // ---------------------------------------------------------------------------------------------------- within it

  /** Counts a further attempt. @returns false if there were enough */
  mayRetry(request: number): boolean {
    const { attempts } = this.requests;
    if (attempts[request] >= this.system.supervision.retries) return false;
    attempts[request]++;
    return true;
  }

  rest(worker: Worker): void {
    worker.state = WorkerState.idle;
    worker.restedMs = this.nowMs;
    this.idle[worker.lane * this.acceleratorCount + worker.accelerator].push(worker.id);
  }

  /** The request has passed its stage at this site: on to the next one, or back to the client. */
  private advance(request: number, site: number): void {
    const { requests } = this;
    if (requests.legs[request] !== 0 && this.legs.isWithdrawn(request)) {
      this.legs.discard(request);
      return;
    }
    const stage = ++requests.stage[request];
    if (stage < this.system.apps[requests.app[request]].stages.length) {
      requests.attempts[request] = 0;
      const to = requests.path[request * requests.stageCount + stage];
      requests.sentMs[request] = this.nowMs;
      if (this.driver.forward(request, site, to)) this.arrived(request, this.nowMs);
    } else if (this.driver.answer(request)) this.end(request, Outcome.answered);
  }

  reportUpload(appAndSite: number, uploadMs: number): void {
    const known = this.uploadMs[appAndSite];
    this.uploadMs[appAndSite] = known === 0 ? uploadMs : known + MEASURED_WEIGHT * (uploadMs - known);
  }

  /** A leg came to an end, and with it its request, unless another leg is to be heard of. */
  end(request: number, outcome: Outcome): void {
    if (this.requests.legs[request] !== 0 && !this.legs.concludes(request, outcome)) return;
    this.books.end(this.requests.bornMs[request], outcome, this.nowMs);
    this.observer.ended(request, outcome, this.nowMs);
    this.requests.release(request);
  }

  askDispatch(site: number, event: Event, subject: number): void {
    if ((this.dispatchWants[site] & (1 << event)) === 0) return;
    const desk = this.dispatchDesks[site];
    this.wakes.dispatch(site, this.dispatchOn[site].call(this.dispatchDecisions[site], event, subject, this.nowMs, desk, desk));
  }

  askRetrain(site: number, event: Event, subject: number): void {
    if ((this.retrainWants[site] & (1 << event)) === 0) return;
    const desk = this.retrainDesks[site];
    if (desk.jobs.length === 0) return;
    const { decision, definition } = this.bundle.retrain[site];
    const late = this.lateCommands[site];
    const costMs = late === undefined ? 0 : definition.costMs!(desk);
    if (!(costMs >= 0 && costMs < Infinity)) throw new PolicyError('retrain', `${definition.name} returned ${String(costMs)} from costMs(); it must return how long its decision takes, in ms from 0`);
    const out = costMs === 0 && (late === undefined || late.isReady(this.nowMs)) ? desk : late!;
    late?.begin(this.nowMs, costMs);
    this.wakes.retrain(site, decision.on(event, subject, this.nowMs, desk, out));
    if (late !== undefined) this.wakeLate(site, late);
  }

  carryOutLate(site: number): void {
    const late = this.lateCommands[site]!;
    late.carryOut(this.nowMs);
    this.wakeLate(site, late);
  }

  private wakeLate(site: number, late: LateCommands): void {
    this.wakes.late(site, late.nextMs);
  }

  /** Tells the retraining controller, if it wants to know, when an accelerator gets its first or loses its last inference work. */
  watchWork(site: number): void {
    if ((this.retrainWants[site] & WORK_EVENTS) === 0) return;
    for (const accelerator of this.dispatchDesks[site].accelerators) {
      const busy = this.inferenceWork(accelerator) > 0 ? 1 : 0;
      if (busy === this.toldBusy[accelerator]) continue;
      this.toldBusy[accelerator] = busy;
      this.askRetrain(site, busy ? Event.busy : Event.idle, accelerator);
    }
  }
}

/** Events that a policy wants, as bits: all of them unless it says which. */
function wants({ definition }: Hired<DecisionKind>): number {
  return eventBits(definition.events ?? Object.values(Event));
}
