import { NONE, Training, type DispatchCommands, type DispatchView } from '../policy/contract.js';
import { batchMs } from '../profile/batch.js';
import type { Control } from './control.js';
import { WorkerState } from './worker.js';
import { PolicyError } from './policy-error.js';

/** Percent of an accelerator that a worker without a share of its own may use. */
const WHOLE = 100;

/** Where a site's dispatch policy looks and writes. */
export class DispatchDesk implements DispatchView, DispatchCommands {
  readonly lanes: readonly number[];
  /** Those that are not lost. */
  accelerators: readonly number[];
  private readonly control: Control;
  private readonly jobOn: readonly number[];

  constructor(control: Control, site: number) {
    this.control = control;
    this.lanes = control.laneSpecs.flatMap((spec, lane) => (spec.site === site ? [lane] : []));
    this.accelerators = control.system.accelerators.flatMap((a, id) => (a.site === site ? [id] : []));
    this.jobOn = control.jobs.accelerator;
  }

  app(lane: number): string {
    return this.control.system.apps[this.control.laneSpecs[lane].app].name;
  }

  model(lane: number): string {
    return this.control.laneSpecs[lane].model;
  }

  queued(lane: number): number {
    return this.control.lanes[lane].length;
  }

  headArrivedMs(lane: number): number {
    const head = this.control.lanes[lane].head();
    return head === NONE ? Infinity : this.control.requests.arrivedMs[head];
  }

  headDeadlineMs(lane: number): number {
    const head = this.control.lanes[lane].head();
    return head === NONE ? Infinity : this.control.requests.deadlineMs[head];
  }

  inFlight(accelerator: number): number {
    return this.control.inFlight[accelerator];
  }

  idleWorker(lane: number, accelerator: number): number {
    const idle = this.control.idleWorkers(lane, accelerator);
    return idle.length === 0 ? NONE : idle[idle.length - 1];
  }

  firstStartable(accelerator: number): number {
    const { control, lanes } = this;
    const { key, arrivedMs } = control.requests;
    let first = NONE;
    let firstKey = Infinity;
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[i];
      const head = control.lanes[lane].head();
      if (head === NONE || control.idleWorkers(lane, accelerator).length === 0) continue;
      if (first === NONE || key[head] < firstKey || (key[head] === firstKey && arrivedMs[head] < this.headArrivedMs(first))) {
        first = lane;
        firstKey = key[head];
      }
    }
    return first;
  }

  training(accelerator: number): Training {
    const job = this.jobOn.indexOf(accelerator);
    return job === NONE ? Training.stopped : this.control.jobs.state[job];
  }

  soloMs(lane: number, accelerator: number, n: number): number {
    const model = this.control.system.accelerators[accelerator].profile.models[this.model(lane)];
    return model === undefined || this.control.storage?.loadable(lane) === 0 ? Infinity : batchMs(model, n);
  }

  measuredMs(lane: number): number {
    return this.control.measuredMs[lane];
  }

  plannedBatch(lane: number): number {
    return this.control.plannedBatch[lane];
  }

  active(lane: number, accelerator: number): number {
    let count = 0;
    for (const worker of this.control.workers) if (worker.lane === lane && worker.accelerator === accelerator && worker.state === WorkerState.active) count++;
    return count;
  }

  shareOf(worker: number): number {
    return this.control.workers[worker].sharePercent ?? WHOLE;
  }

  shareInUse(accelerator: number): number {
    let sum = 0;
    for (const { accelerator: at, state, sharePercent = WHOLE } of this.control.workers) if (at === accelerator && state === WorkerState.active) sum += sharePercent;
    return sum;
  }

  start(lane: number, n: number, worker: number): void {
    const { control } = this;
    if (n < 1 || n > control.lanes[lane].length) throw new PolicyError('dispatch', `starts ${n} requests of a lane in which ${control.lanes[lane].length} wait`);
    const process = control.workers[worker];
    if (process === undefined || process.lane !== lane || process.state !== WorkerState.idle)
      throw new PolicyError('dispatch', `starts worker ${worker}, which is not an idle worker of lane ${lane}`);
    control.start(lane, n, worker);
  }

  spawn(lane: number, accelerator: number): void {
    if (this.control.lanes[lane].length === 0) throw new PolicyError('dispatch', `spawns a worker for lane ${lane}, in which nothing waits`);
    if (!this.accelerators.includes(accelerator) || this.soloMs(lane, accelerator, 1) === Infinity)
      throw new PolicyError('dispatch', `spawns a worker for lane ${lane} on accelerator ${accelerator}, which is elsewhere, lost, or does not know model ${this.model(lane)}`);
    this.control.processes.spawn(lane, accelerator);
  }

  rejectHead(lane: number): void {
    if (this.control.lanes[lane].length === 0) throw new PolicyError('dispatch', `rejects from lane ${lane}, in which nothing waits`);
    this.control.reject(this.control.lanes[lane].shift());
  }

  rejectTail(lane: number): void {
    if (this.control.lanes[lane].length === 0) throw new PolicyError('dispatch', `rejects from lane ${lane}, in which nothing waits`);
    this.control.reject(this.control.lanes[lane].removeNewest());
  }
}
