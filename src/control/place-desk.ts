import { capacityMiB, freeMiB } from '../profile/memory.js';
import { legalShares } from '../profile/share-cost.js';
import { NONE, Process, type PlaceCommands, type PlaceView } from '../policy/contract.js';
import type { Control } from './control.js';
import { PolicyError } from './policy-error.js';
import type { Storage } from './storage.js';
import { WorkerState, type Worker } from './worker.js';

/** Where the placement policy looks and writes. */
export class PlaceDesk implements PlaceView, PlaceCommands {
  readonly lanes: readonly number[];
  /** Those that are not lost. */
  accelerators: readonly number[];
  readonly jobs: readonly number[];
  private readonly models: readonly number[];
  /** Whether the run has begun, so that what is loaded takes its time. */
  begun = false;
  readonly refusals: string[] = [];
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
    this.lanes = control.laneSpecs.flatMap(({ site }, lane) => (control.isPlaced(site) ? [lane] : []));
    this.accelerators = control.system.accelerators.flatMap(({ site }, accelerator) => (control.isPlaced(site) ? [accelerator] : []));
    this.jobs = control.system.jobs.map((_, job) => job);
    this.models = (control.system.repository?.models ?? []).map((_, model) => model);
  }

  siteOf(accelerator: number): number {
    return this.control.system.accelerators[accelerator].site;
  }

  siteOfLane(lane: number): number {
    return this.control.laneSpecs[lane].site;
  }

  siteOfJob(job: number): number {
    return this.control.system.jobs[job].site;
  }

  app(lane: number): string {
    return this.control.system.apps[this.control.laneSpecs[lane].app].name;
  }

  variant(lane: number): number {
    return this.control.laneSpecs[lane].variant;
  }

  acceleratorName(accelerator: number): string {
    return this.control.system.accelerators[accelerator].name;
  }

  freeMiB(accelerator: number): number {
    return freeMiB(this.control.memoryMiB[accelerator], capacityMiB(this.control.system.accelerators[accelerator].profile));
  }

  workerMiB(lane: number, accelerator: number): number {
    const model = this.control.system.accelerators[accelerator].profile.models[this.control.laneSpecs[lane].model];
    return model ? (model.memory_mib ?? 0) : Infinity;
  }

  jobMiB(job: number, accelerator: number): number {
    const training = this.control.system.accelerators[accelerator].profile.training?.[this.control.system.jobs[job].model];
    return training ? (training.memory_mib ?? 0) : Infinity;
  }

  concurrency(accelerator: number): number {
    return this.control.concurrencyOf(accelerator);
  }

  model(lane: number): string {
    return this.control.laneSpecs[lane].model;
  }

  soloMs(lane: number, accelerator: number): number {
    return this.control.system.accelerators[accelerator].profile.models[this.model(lane)]?.solo_ms ?? Infinity;
  }

  loadMs(lane: number, accelerator: number): number {
    const model = this.control.system.accelerators[accelerator].profile.models[this.model(lane)];
    return model === undefined ? Infinity : (model.load_ms ?? 0);
  }

  queued(lane: number): number {
    return this.control.lanes[lane].length;
  }

  headArrivedMs(lane: number): number {
    const head = this.control.lanes[lane].head();
    return head === NONE ? Infinity : this.control.requests.arrivedMs[head];
  }

  arrivalRateRps(lane: number): number {
    return this.control.placement.rates.rateRps(lane, this.control.nowMs);
  }

  workersOn(accelerator: number): readonly number[] {
    return this.control.workers.flatMap((worker) => (worker.accelerator === accelerator && worker.state !== WorkerState.dead ? [worker.id] : []));
  }

  laneOf(worker: number): number {
    return this.living(worker).lane;
  }

  process(worker: number): Process {
    const { state, leaving } = this.living(worker);
    return leaving ? Process.leaving : state === WorkerState.loading ? Process.loading : state === WorkerState.idle ? Process.idle : Process.active;
  }

  shareOf(worker: number): number | undefined {
    return this.living(worker).sharePercent;
  }

  sloMs(lane: number): number {
    return this.control.system.apps[this.control.laneSpecs[lane].app].sloMs;
  }

  measuredMs(lane: number): number {
    return this.control.measuredMs[lane];
  }

  measuredBatch(lane: number): number {
    return this.control.measuredBatch[lane];
  }

  restedMs(worker: number): number {
    return this.living(worker).restedMs;
  }

  residents(lane: number, accelerator: number): number {
    let count = 0;
    for (const worker of this.control.workers)
      if (worker.lane === lane && worker.accelerator === accelerator && worker.state !== WorkerState.dead && !worker.leaving) count++;
    return count;
  }

  get repository(): readonly number[] {
    return this.models;
  }

  get isManagerLost(): boolean {
    return this.control.storage?.isManagerLost ?? false;
  }

  modelOf(lane: number): number {
    return this.control.storage?.modelOf(lane) ?? NONE;
  }

  newest(model: number): number {
    return this.known(model).newest[model];
  }

  sizeMiB(model: number): number {
    const storage = this.known(model);
    return storage.sizeMiB(model, storage.newest[model]);
  }

  stored(site: number, model: number): number {
    return this.known(model).versionAt(site, model);
  }

  pulling(site: number, model: number): number {
    return this.known(model).pullingAt(site, model);
  }

  storageMiB(site: number): number {
    return this.control.storage?.spec.capacityMiB[site] ?? Infinity;
  }

  storageFreeMiB(site: number): number {
    return this.control.storage?.freeMiB(site) ?? Infinity;
  }

  versionOf(worker: number): number {
    return this.living(worker).version;
  }

  accuracy(lane: number): number {
    const { storage } = this.control;
    const model = this.modelOf(lane);
    return storage === undefined || model === NONE ? this.control.accuracy[lane] : storage.accuracy(lane, storage.newest[model]);
  }

  pull(site: number, model: number): void {
    const storage = this.known(model);
    if (!this.begun) {
      if (storage.spec.away === true) return;
      if (!storage.begin(site, model)) throw new PolicyError('place', `pulls ${storage.spec.models[model].name} to ${this.control.system.sites[site].name}, whose storage has no room for it`);
      return;
    }
    if (storage.isManagerLost) throw new PolicyError('place', `pulls ${storage.spec.models[model].name} while the manager of the repository is lost`);
    storage.beginPull(site, model);
    this.control.driver.pull!(site, model);
  }

  discard(site: number, model: number): void {
    this.known(model).discard(site, model);
    if (this.begun) this.control.driver.discardModel!(site, model);
  }

  load(lane: number, accelerator: number, sharePercent?: number): void {
    if (sharePercent !== undefined) this.checkShare(sharePercent, accelerator);
    if (this.siteOfLane(lane) !== this.siteOf(accelerator)) throw new PolicyError('place', `loads lane ${lane} at another site`);
    if (!this.hasModel(lane)) return;
    if (this.begun) {
      if (!this.accelerators.includes(accelerator) || this.workerMiB(lane, accelerator) === Infinity)
        throw new PolicyError('place', `loads lane ${lane} on ${this.acceleratorName(accelerator)}, which is lost, or does not know model ${this.model(lane)}`);
      this.control.processes.loadStanding(lane, accelerator, 0, false, sharePercent);
      return;
    }
    if (!(this.workerMiB(lane, accelerator) < Infinity && this.workerMiB(lane, accelerator) <= this.freeMiB(accelerator)))
      throw new PolicyError('place', `loads lane ${lane} on ${this.acceleratorName(accelerator)}, where it does not fit`);
    this.control.processes.loadStanding(lane, accelerator, 0, true, sharePercent);
  }

  batch(lane: number, n: number): void {
    if (!(Number.isInteger(n) && n >= 1)) throw new PolicyError('place', `plans batches of ${n} for lane ${lane}; a whole number from 1 is needed`);
    this.control.plannedBatch[lane] = n;
  }

  evict(worker: number): void {
    this.control.processes.evict(this.living(worker));
  }

  assign(job: number, accelerator: number): void {
    if (this.begun) throw new PolicyError('place', `assigns job ${job} during the run; a job stays where it was put at the start`);
    if (!(this.jobMiB(job, accelerator) < Infinity && this.jobMiB(job, accelerator) <= this.freeMiB(accelerator)))
      throw new PolicyError('place', `puts job ${job} on ${this.acceleratorName(accelerator)}, where it does not fit`);
    this.control.jobs.assign(job, accelerator);
  }

  refuse(reason: string): void {
    if (this.begun) throw new PolicyError('place', `refuses during the run (${reason}); it can refuse at the start only`);
    if (!this.refusals.includes(reason)) this.refusals.push(reason);
  }

  /** Whether the lane's model lies in its site's storage; at the start it is put there if there is room, else the placement is refused. */
  private hasModel(lane: number): boolean {
    const { storage, system } = this.control;
    if (storage === undefined || storage.loadable(lane) > 0) return true;
    const { name } = system.sites[this.siteOfLane(lane)];
    if (this.begun) throw new PolicyError('place', `loads lane ${lane}, whose model ${this.model(lane)} is not in the storage of ${name}`);
    if (storage.spec.away === true) {
      this.refuse(`${this.model(lane)} is not in the storage of ${name}, and the repository cannot be reached`);
      return false;
    }
    if (storage.begin(this.siteOfLane(lane), this.modelOf(lane))) return true;
    this.refuse(`the storage of ${name} has ${Math.round(storage.freeMiB(this.siteOfLane(lane)))} MiB left, and ${this.model(lane)} needs ${Math.round(this.sizeMiB(this.modelOf(lane)))} MiB: raise its storage_mib, or use a placement that pulls`);
    return false;
  }

  private checkShare(sharePercent: number, accelerator: number): void {
    const legal = legalShares(this.control.system.accelerators[accelerator].profile);
    if (!legal.includes(sharePercent)) throw new PolicyError('place', `gives a share of ${sharePercent} % of ${this.acceleratorName(accelerator)}; its profile knows ${legal.length > 0 ? legal.join(', ') : 'none'}`);
  }

  private known(model: number): Storage {
    const { storage } = this.control;
    if (storage?.spec.models[model] === undefined) throw new PolicyError('place', `names model ${model}, which is not in the repository`);
    return storage;
  }

  private living(worker: number): Worker {
    const process = this.control.workers[worker];
    if (process === undefined || process.state === WorkerState.dead) throw new PolicyError('place', `names worker ${worker}, which is not alive`);
    return process;
  }
}
