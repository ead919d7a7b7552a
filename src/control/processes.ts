import { Event, NONE } from '../policy/contract.js';
import type { Control } from './control.js';
import { Outcome } from './driver.js';
import { Worker, WorkerState } from './worker.js';

/** How worker processes come and go: what is loaded, what leaves, and what becomes of the requests of those that end. */
export class Processes {
  private readonly control: Control;
  /** Ids of those that died, to be used again. */
  private readonly deadWorkers: number[] = [];
  /** Lanes that requests joined because their variant left; their sites are told when the placement is done. */
  private readonly rejoined = new Set<number>();

  constructor(control: Control) {
    this.control = control;
  }

  /** Loads a worker for the request at the head of its lane, which it serves first. */
  spawn(lane: number, accelerator: number): void {
    const worker = this.add(lane, accelerator);
    const request = this.control.lanes[lane].shift();
    this.control.requests.next[request] = NONE;
    worker.batch = request;
    worker.batchSize = 1;
    this.control.inFlight[accelerator]++;
    this.control.driver.load(worker.id, false);
  }

  /** Loads a worker that is to stay. `warm`: it is there when the run begins. */
  loadStanding(lane: number, accelerator: number, failures: number, warm: boolean, sharePercent?: number): void {
    const worker = this.add(lane, accelerator, sharePercent);
    worker.standing = !this.control.placement.restores;
    worker.failures = failures;
    this.control.driver.load(worker.id, warm);
    if (!warm) return;
    this.countLoaded(lane, 1);
    if (this.control.storage !== undefined) this.control.accuracy[lane] = this.control.storage.accuracy(lane, worker.version);
    this.control.rest(worker);
  }

  /** Ends a process: at once, or after its batch. */
  evict(worker: Worker): void {
    worker.standing = false;
    if (worker.batch === NONE) this.remove(worker);
    else if (!worker.leaving) {
      // It takes no further request, so its variant cannot be chosen any more.
      if (worker.state !== WorkerState.loading) this.countLoaded(worker.lane, -1);
      worker.leaving = true;
    }
    if (this.control.variants[worker.lane] > 1) this.reselect(worker.lane);
  }

  /** A phone that has its model loaded. */
  loadWarm(lane: number, accelerator: number): Worker {
    const worker = this.add(lane, accelerator);
    this.control.driver.load(worker.id, true);
    this.countLoaded(lane, 1);
    this.control.rest(worker);
    return worker;
  }

  /** Ends a process that hangs. */
  killHung(worker: Worker): void {
    this.control.driver.kill(worker.id);
    this.ended(worker.id, Event.died, this.control.nowMs);
  }

  /** Takes a process that has ended off the books. Its requests go back to the head of their lane, or fail. */
  bury(worker: Worker): void {
    const { lane, accelerator } = worker;
    const of = lane * this.control.acceleratorCount + accelerator;
    if (worker.state !== WorkerState.loading && !worker.leaving) this.countLoaded(lane, -1);
    if (worker.state === WorkerState.idle) this.control.idle[of].splice(this.control.idle[of].indexOf(worker.id), 1);
    const batch: number[] = [];
    for (let request = worker.batch; request !== NONE; request = this.control.requests.next[request]) batch.push(request);
    worker.state = WorkerState.dead;
    worker.batch = NONE;
    worker.batchSize = 0;
    this.deadWorkers.push(worker.id);
    this.control.memoryMiB[accelerator] -= worker.memoryMiB;
    this.control.residents[of]--;
    if (batch.length > 0) this.control.inFlight[accelerator]--;
    const { site } = this.control.laneSpecs[lane];
    for (const request of batch.reverse()) {
      if (this.control.requests.legs[request] !== 0 && this.control.legs.isWithdrawn(request)) this.control.legs.discard(request);
      else if (this.control.outages.isSiteLost(site)) this.control.displaced(request);
      else if (this.control.mayRetry(request)) this.control.lanes[lane].pushBack(request);
      else this.control.end(request, Outcome.failed);
    }
  }

  /** Lets those that wait for a variant of which no worker is left choose again, if another one is loaded. */
  private reselect(lane: number): void {
    const { app, stage, site, variant } = this.control.laneSpecs[lane];
    const first = lane - variant;
    if (this.control.loadedWorkers[lane] > 0 || this.control.laneFor(app, stage, site) !== first) return;
    const waiting: number[] = [];
    while (this.control.lanes[lane].length > 0) waiting.push(this.control.lanes[lane].shift());
    for (const request of waiting) {
      const chosen = this.control.selectDesks[site].laneFor(request, first);
      this.control.requests.lane[request] = chosen;
      this.control.lanes[chosen].push(request);
      if (chosen !== lane) this.rejoined.add(chosen);
    }
  }

  /** Tells the dispatch policies of what the placement's evictions moved to other lanes: an idle worker there can take it. */
  tellRejoined(): void {
    for (const lane of this.rejoined) {
      this.rejoined.delete(lane);
      const { site } = this.control.laneSpecs[lane];
      if (this.control.lanes[lane].length > 0) this.control.askDispatch(site, Event.arrived, lane);
      this.control.watchWork(site);
    }
  }

  remove(worker: Worker): void {
    this.control.driver.kill(worker.id);
    this.bury(worker);
  }

  ended(id: number, event: Event, nowMs: number): void {
    this.control.nowMs = nowMs;
    const worker = this.control.workers[id];
    const { site } = this.control.laneSpecs[worker.lane];
    this.bury(worker);
    this.control.supervisor.ended(worker);
    this.control.tellSite(site, event, worker.accelerator);
    this.control.watchWork(site);
  }

  private add(lane: number, accelerator: number, sharePercent?: number): Worker {
    const memoryMiB = this.control.system.accelerators[accelerator].profile.models[this.control.laneSpecs[lane].model].memory_mib ?? 0;
    const worker = new Worker(this.deadWorkers.pop() ?? this.control.workers.length, lane, accelerator, memoryMiB, this.control.nowMs, sharePercent);
    this.control.workers[worker.id] = worker;
    if (this.control.storage !== undefined) worker.version = this.control.storage.loadable(lane);
    this.control.memoryMiB[accelerator] += memoryMiB;
    this.control.residents[lane * this.control.acceleratorCount + accelerator]++;
    return worker;
  }

  countLoaded(lane: number, change: number): void {
    this.control.loadedWorkers[lane] += change;
    this.control.loadedChanges++;
  }
}
