import type { Bundle } from '../control/control.js';
import { Control } from '../control/control.js';
import { BooksError } from '../control/books.js';
import { Outcome, type Driver, type Observer } from '../control/driver.js';
import type { System } from '../control/system.js';
import { WorkerState } from '../control/worker.js';
import type { Fault } from '../faults/fault.js';
import { FaultScript } from '../faults/script.js';
import type { Measurable, Witness } from '../measurement/witness.js';
import { NONE, Training } from '../policy/contract.js';
import { fits } from '../profile/memory.js';
import type { Seed } from '../random/stream.js';
import { Accelerator } from './accelerator.js';
import { Agenda } from './agenda.js';
import { Breakdowns, type Machinery } from './breakdowns.js';
import { drawnProfile } from '../profile/drawn.js';
import { HOST, OWN_CLASSES, WAIT } from './mix.js';
import { Network, type Direction } from './network/network.js';
import type { NetworkSpec } from './network/spec.js';
import { physicsOf, type LanePhysics, type Physics } from './physics.js';
import { RequestDraws } from './request-draws.js';
import { Repository } from './repository.js';
import { Idleness } from './idleness.js';
import { Retraining } from './retraining.js';
import type { Source } from './sources.js';
import { turnsFactor } from './turns.js';
import { World } from './world.js';

export interface RunOptions {
  seed: Seed;
  replication: number;
  faults?: readonly Fault[];
  network: NetworkSpec;
  /** End of the window in which requests are born; Infinity: when the sources are exhausted. */
  horizonMs: number;
  /** The measured window begins here. */
  warmUpMs: number;
  /** How long after the window's end requests may still be answered; a minute, or ten times the longest SLO, if left out. */
  drainMs?: number;
  /** Runs on this draw of what the profiles leave open; policies know the profiles themselves. */
  draw?: number;
  /** Stop at the first moment outside the measured domain. */
  refuseOutside: boolean;
}

/** Why a run could not be carried out to its end: the alternative is refused with this reason. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** A discrete-event simulation of a system: drives the shared control on a simulated clock. */
export class Simulator implements Driver, Observer, Machinery, Measurable {
  readonly control: Control;
  readonly chargesDecisions = true;
  readonly trainsByChoice = true;
  readonly accelerators: readonly Accelerator[];
  nowMs = 0;
  private readonly system: System;
  private readonly options: RunOptions;
  private readonly sources: readonly Source[];
  private readonly witness: Witness;
  private readonly physics: readonly Physics[];
  private readonly agenda: Agenda;
  private readonly network: Network;
  /** Physical memory in use: what the processes really take, whatever control believes. */
  private readonly usedMiB: Float64Array;
  /** Accelerators on which something began or ended in the present event. */
  private readonly changed: Int32Array;
  private changes = 0;
  private readonly isChanged: Uint8Array;

  // Agenda slots, in the order in which things of one moment happen.
  private readonly firstSource: number;
  private readonly transferSlot: number;
  private readonly worldSlot: number;
  private readonly repositorySlot: number;
  private readonly firstPause: number;
  private readonly firstTimer: number;
  private readonly faultSlot: number;
  private readonly sampleSlot: number;
  private readonly warmUpSlot: number;
  private readonly horizonSlot: number;
  private readonly drainSlot: number;

  // Of each worker's present batch: time of the two steps that are still to come, and its lane's physics there.
  private readonly workerWaitMs: number[] = [];
  private readonly workerWorkMs: number[] = [];
  /** What is added to its present work because it had nothing to do before. */
  private readonly workerAddedMs: number[] = [];
  private readonly workerPhysics: LanePhysics[] = [];
  private readonly workerDoomed: boolean[] = [];

  private readonly draws: RequestDraws;
  private readonly retraining: Retraining;
  private readonly idleness: Idleness;
  /** Undefined where nothing can break. */
  private readonly breakdowns: Breakdowns | undefined;
  private readonly faults: FaultScript;
  /** Undefined where every site has every model. */
  private readonly repository: Repository | undefined;
  /** Undefined where nothing is learnt. */
  readonly world: World | undefined;

  private readonly refuseOutside: boolean;
  private sampleEveryMs = 1000;
  private windowEnded = false;
  /** Of the requests born so far that have one. */
  longestSloMs = 0;

  constructor(system: System, bundle: Bundle, sources: readonly Source[], options: RunOptions, witness: Witness) {
    this.system = system;
    this.options = options;
    this.sources = sources;
    this.witness = witness;
    this.control = new Control(system, bundle, this, this);
    this.refuseOutside = options.refuseOutside;
    this.physics = this.sharedPhysics();
    this.accelerators = this.physics.map(({ graph }) => new Accelerator(graph));
    this.usedMiB = Float64Array.from(this.physics, ({ fixedMiB }) => fixedMiB);
    this.changed = new Int32Array(this.accelerators.length);
    this.isChanged = new Uint8Array(this.accelerators.length);
    this.retraining = new Retraining(system.jobs.length, this.accelerators.length);
    this.idleness = new Idleness(this.control);
    if (system.learning !== undefined) this.world = new World(system.learning, system.apps.length, system.jobs.length, options.seed, options.replication);
    this.draws = new RequestDraws(this.control, this.physics, sources, options.seed, options.replication, options.network, this.world);
    this.network = new Network(options.network, this.control, this.draws, options.seed, options.replication);

    if (system.repository !== undefined) this.repository = new Repository(system.repository, options.network.repository, this.control, options.seed, options.replication);

    this.faults = new FaultScript(options.faults ?? [], options.seed, options.replication);
    this.breakdowns = this.faults.nextMs < Infinity ? new Breakdowns(this) : undefined;

    let slot = this.accelerators.length;
    const take = (slots: number): number => {
      slot += slots;
      return slot - slots;
    };
    this.firstSource = take(sources.length);
    this.transferSlot = take(1);
    this.worldSlot = take(1);
    this.repositorySlot = take(1);
    this.firstPause = take(system.jobs.length);
    this.firstTimer = take(3 * system.sites.length + 3);
    this.faultSlot = take(1);
    this.sampleSlot = take(1);
    this.warmUpSlot = take(1);
    this.horizonSlot = take(1);
    this.drainSlot = take(1);
    this.agenda = new Agenda(slot);
    if (Number.isFinite(options.horizonMs)) this.sampleEveryMs = (options.horizonMs - options.warmUpMs) / SAMPLES;
  }

  /**
   * Runs to the end.
   *
   * @throws Refused if the placement is impossible, or the run leaves the measured domain and may not
   * @throws BooksError if an invariant is broken
   */
  async run(): Promise<void> {
    try {
      await this.begin();
      for (;;) {
        const waiting = this.runUntilBlocked();
        if (waiting === undefined) break;
        await waiting.pending;
        this.agenda.set(this.firstSource + this.sources.indexOf(waiting), waiting.nextMs);
        this.endWindowIfExhausted();
      }
    } finally {
      for (const source of this.sources) await source.close();
    }
    this.finish();
  }

  private async begin(): Promise<void> {
    const { agenda, options } = this;
    const refusals = this.control.begin();
    if (refusals.length > 0) throw new Refused(refusals.join('; '));
    this.system.jobs.forEach((_, job) => this.reserve(job));
    for (const [i, source] of this.sources.entries()) {
      source.open();
      if (source.pending) await source.pending;
      agenda.set(this.firstSource + i, source.nextMs);
    }
    agenda.set(this.warmUpSlot, options.warmUpMs);
    agenda.set(this.sampleSlot, options.warmUpMs);
    agenda.set(this.horizonSlot, options.horizonMs);
    agenda.set(this.faultSlot, this.faults.nextMs);
    this.awaitRepository();
    this.settle();
    this.endWindowIfExhausted();
  }

  /** Progress of a retraining job, in epochs. */
  epochs(job: number): number {
    const { physics, active, leftMs } = this.retraining;
    const its = physics[job];
    if (its === undefined) return 0;
    const accelerator = this.accelerators[this.control.jobs.accelerator[job]];
    accelerator.advance(this.nowMs);
    // What is left of the start makes no progress.
    return this.control.jobs.epochs[job] + 1 - Math.min(1, (active[job] ? accelerator.leftMs(its.class, job) + this.retraining.beyondStopMs(job) : leftMs[job]) / its.epochMs);
  }

  /** Memory that the processes on an accelerator really take, the fixed part included. */
  memoryInUseMiB(accelerator: number): number {
    return this.usedMiB[accelerator];
  }

  /** Whether a worker's load found no room, so that it will die. */
  isDoomed(worker: number): boolean {
    return this.workerDoomed[worker];
  }

  // ------------------------------------------------------------------------------------------------------ the loop

  /** Handles events until the run ends (undefined) or a source has to be waited for. */
  private runUntilBlocked(): Source | undefined {
    const { agenda, control } = this;
    const accelerators = this.accelerators.length;
    const { firstSource, transferSlot } = this;
    for (;;) {
      const slot = agenda.first;
      const nowMs = agenda.firstMs;
      if (nowMs === Infinity) return undefined;
      this.nowMs = nowMs;
      if (slot < accelerators) this.activityEnded(slot);
      else if (slot < transferSlot) {
        const source = this.sources[slot - firstSource];
        this.birth(source, slot - firstSource);
        agenda.set(slot, source.nextMs);
        if (source.pending) {
          this.settle();
          return source;
        }
        if (source.exhausted) this.endWindowIfExhausted();
      } else if (slot === transferSlot) {
        this.network.step(nowMs);
        agenda.set(transferSlot, this.network.nextMs);
      } else if (this.clockEvent(slot)) return undefined;
      this.settle();
      if (this.windowEnded && control.books.inSystem === 0) return undefined;
    }
  }

  /** Timers and the borders of the window. @returns true if the run is over */
  private clockEvent(slot: number): boolean {
    const { agenda, nowMs } = this;
    if (slot === this.worldSlot) {
      this.world!.play(nowMs, (job) => this.control.jobs.epochs[job], this);
      this.awaitWorld();
    } else if (slot === this.repositorySlot) {
      this.repository!.step(nowMs);
      this.awaitRepository();
    } else if (slot < this.firstTimer) {
      agenda.set(slot, Infinity);
      this.stopTraining(slot - this.firstPause);
    } else if (slot < this.faultSlot) {
      agenda.set(slot, Infinity);
      this.control.timer(slot - this.firstTimer, nowMs);
    } else if (slot === this.faultSlot) {
      const event = this.faults.take();
      agenda.set(slot, this.faults.nextMs);
      this.witness.faulted(event);
      this.breakdowns!.play(event);
    } else if (slot === this.sampleSlot) {
      this.witness.sampled(this.control.books.inSystem, nowMs);
      agenda.set(slot, nowMs + this.sampleEveryMs);
      if (this.isStuck()) this.endWindow();
    } else if (slot === this.warmUpSlot) {
      agenda.set(slot, Infinity);
      this.advanceAll();
      this.witness.windowBegan(nowMs);
    } else if (slot === this.horizonSlot) this.endWindow();
    else return true;
    return false;
  }

  private endWindowIfExhausted(): void {
    if (this.windowEnded || this.options.horizonMs !== Infinity) return;
    for (const source of this.sources) if (!source.exhausted) return;
    this.endWindow();
  }

  /** Whether the requests of closed-loop clients wait for nothing any more: nobody asks, nothing is in flight, and the drain limit has passed. */
  private isStuck(): boolean {
    if (this.options.horizonMs !== Infinity || this.windowEnded || this.network.moving > 0 || this.faults.willEnd) return false;
    if (this.sources.some((source) => source.nextMs < Infinity || source.pending !== undefined) || this.control.inFlight.some((n) => n > 0)) return false;
    return this.nowMs - this.control.books.lastMs > this.drainMs;
  }

  /** How long answers are waited for: as the scenario says, else a minute or ten times the longest SLO. */
  private get drainMs(): number {
    return this.options.drainMs ?? Math.max(60_000, 10 * this.longestSloMs);
  }

  private endWindow(): void {
    this.windowEnded = true;
    const { agenda } = this;
    agenda.set(this.horizonSlot, Infinity);
    agenda.set(this.sampleSlot, Infinity);
    agenda.set(this.drainSlot, this.nowMs + this.drainMs);
    this.advanceAll();
    this.witness.windowEnded(this.nowMs);
  }

  /** Brings all accelerators to the present. @throws Refused if one of them left the measured domain and may not */
  private advanceAll(): void {
    this.accelerators.forEach((accelerator, id) => {
      accelerator.advance(this.nowMs);
      this.refuseIfOutside(id);
    });
  }

  private refuseIfOutside(id: number): void {
    const { outsideMs, outside } = this.accelerators[id];
    if (this.refuseOutside && outsideMs > 0) throw new Refused(`left the measured domain of ${this.system.accelerators[id].profile.name}: ${outside}; extrapolation: label would go on and say so`);
  }

  /** Enters the new times of the accelerators on which something began or ended. */
  private settle(): void {
    for (let i = 0; i < this.changes; i++) {
      const id = this.changed[i];
      this.isChanged[id] = 0;
      const accelerator = this.accelerators[id];
      this.agenda.set(id, accelerator.nextMs());
      if (accelerator.outsideMs > 0) this.refuseIfOutside(id);
    }
    this.changes = 0;
  }

  private touch(accelerator: number): Accelerator {
    if (this.isChanged[accelerator] === 0) {
      this.isChanged[accelerator] = 1;
      this.changed[this.changes++] = accelerator;
    }
    return this.accelerators[accelerator];
  }

  private finish(): void {
    this.advanceAll();
    this.control.close(this.nowMs, this.network.length);
    this.accelerators.forEach((accelerator, id) => {
      if (accelerator.busyMs > this.nowMs * (1 + 1e-9))
        throw new BooksError('busy', `${this.system.accelerators[id].name} was busy for ${accelerator.busyMs} ms of ${this.nowMs} ms`);
    });
  }

  // ------------------------------------------------------------------------------------------- requests and draws

  private birth(source: Source, index: number): void {
    const { control, nowMs } = this;
    const { ordinal, client, sloMs } = source;
    if (sloMs > this.longestSloMs && sloMs < Infinity) this.longestSloMs = sloMs;
    const request = control.born(source.app, ordinal, sloMs, nowMs);
    this.draws.born(request, index, client);
    source.advance();
    control.route(request);
  }

  ended(request: number, outcome: Outcome, nowMs: number): void {
    this.witness.ended(request, outcome, nowMs);
    if (this.world !== undefined && outcome === Outcome.answered) {
      const { draws } = this;
      this.world.answered(this.control.requests.app[request], draws.labelled[request], draws.right[request], nowMs);
      this.awaitWorld();
    }
    const client = this.draws.client[request];
    if (client === NONE || outcome === Outcome.unfinished) return;
    const index = this.draws.source[request];
    const source = this.sources[index];
    source.ended(client, outcome !== Outcome.answered, nowMs);
    this.agenda.set(this.firstSource + index, source.nextMs);
    if (source.exhausted) this.endWindowIfExhausted();
  }

  // --------------------------------------------------------------------------------------------- control's commands

  upload(request: number, site: number): boolean {
    return this.network.isFree || this.onTheWay(this.network.upload(request, site, this.nowMs));
  }

  forward(request: number, fromSite: number, toSite: number): boolean {
    return this.network.isFree || this.onTheWay(this.network.forward(request, fromSite, toSite, this.nowMs));
  }

  answer(request: number): boolean {
    return this.network.isFree || this.onTheWay(this.network.answer(request, this.nowMs));
  }

  duplicated(request: number, leg: number): void {
    this.draws.duplicated(request, leg);
  }

  private onTheWay(isThere: boolean): boolean {
    if (!isThere) this.agenda.set(this.transferSlot, this.network.nextMs);
    return isThere;
  }

  /** Cuts the links that lead to a site, or from it, and to no other; see `Network.cut`. To be called between two events. */
  cutLink(site: number, direction: Direction): void {
    this.network.cut(site, direction, this.nowMs);
    this.agenda.set(this.transferSlot, this.network.nextMs);
  }

  restoreLink(site: number, direction: Direction): void {
    this.network.restore(site, direction, this.nowMs);
    this.agenda.set(this.transferSlot, this.network.nextMs);
  }

  start(id: number): void {
    const { control } = this;
    const worker = control.workers[id];
    const accelerator = this.touch(worker.accelerator);
    const physics = this.workerPhysics[id];
    const { batchSize } = worker;
    let workMs = physics.soloMs(batchSize);
    if (physics.isSpread) {
      const { next } = control.requests;
      let factors = 0;
      for (let request = worker.batch; request !== NONE; request = next[request]) factors += physics.spread(this.draws.serviceOf(request));
      workMs *= factors / batchSize;
    }
    const besideTraining = this.retraining.isActiveOn(worker.accelerator);
    this.workerAddedMs[id] = physics.afterIdle === undefined ? 0 : this.idleness.began(id, physics.afterIdle, besideTraining, this.nowMs, this.draws.idleOf(worker.batch));
    const waitMs = besideTraining ? this.retraining.sliceWaitMs(worker.accelerator, this.draws.waitOf(worker.batch)) : 0;
    if (physics.hostMs > 0) {
      this.workerWorkMs[id] = workMs;
      this.workerWaitMs[id] = waitMs;
      accelerator.begin(HOST, physics.hostMs * batchSize, id, this.nowMs);
    } else if (waitMs > 0) {
      this.workerWorkMs[id] = workMs;
      accelerator.begin(WAIT, waitMs, id, this.nowMs);
    } else this.compute(accelerator, id, workMs);
    if (this.witness.detailed) this.witness.workerDoes(id, physics.hostMs > 0 || waitMs > 0 ? 'waiting' : 'inference', this.nowMs);
    if (this.breakdowns !== undefined) this.breakdowns.began(id);
  }

  /** A worker's batch begins on the accelerator. */
  private compute(accelerator: Accelerator, id: number, workMs: number): void {
    const { control, nowMs } = this;
    const { class: its } = this.workerPhysics[id];
    const { accelerator: at, batch } = control.workers[id];
    const { turnMs } = this.physics[at];
    const factor = turnMs > 0 ? turnsFactor(workMs, accelerator.slowdownWith(its), turnMs, this.draws.turnsOf(batch)) : 1;
    const addedMs = this.workerAddedMs[id];
    // It was measured beside the same neighbours, so they do not slow it once more.
    accelerator.begin(its, workMs * factor + (addedMs > 0 ? addedMs / accelerator.slowdownWith(its) : 0), id, nowMs);
  }

  kill(id: number): void {
    const worker = this.control.workers[id];
    this.halt(id);
    if (!this.workerDoomed[id]) this.usedMiB[worker.accelerator] -= this.workerPhysics[id].memoryMiB;
    if (this.witness.detailed) this.witness.workerDoes(id, 'nothing', this.nowMs);
    this.breakdowns?.ended(worker);
  }

  load(id: number, warm: boolean): void {
    const { lane, accelerator, sharePercent } = this.control.workers[id];
    const physics = sharePercent === undefined ? this.physics[accelerator].lanes[lane]! : this.physics[accelerator].withShare(lane, sharePercent);
    this.workerPhysics[id] = physics;
    const hasRoom = fits(this.usedMiB[accelerator], physics.memoryMiB, this.physics[accelerator].memoryMiB);
    this.workerDoomed[id] = !hasRoom;
    if (hasRoom) this.usedMiB[accelerator] += physics.memoryMiB;
    if (warm) {
      if (!hasRoom) throw new BooksError('memory', `a worker was placed on ${this.system.accelerators[accelerator].name}, where it does not fit`);
      return;
    }
    this.touch(accelerator).begin(this.physics[accelerator].loadingClass, physics.loadMs, id, this.nowMs);
    if (this.witness.detailed) this.witness.workerDoes(id, 'loading', this.nowMs);
  }

  train(job: number, fresh: boolean): void {
    const { retraining } = this;
    const { accelerator, choice, epochs } = this.control.jobs;
    this.world?.trains(job, epochs[job], this.nowMs, choice[job].configuration);
    this.agenda.set(this.firstPause + job, Infinity);
    if (retraining.active[job]) return this.goOnAfterAll(job);
    this.reserve(job);
    const startMs = this.system.learning?.find((spec) => spec.job === job)?.startMs ?? 0;
    if (fresh) retraining.startAnew(job, startMs, this.physics[accelerator[job]].job(job, choice[job])!);
    retraining.active[job] = true;
    this.touch(accelerator[job]).begin(retraining.physics[job]!.class, retraining.leftMs[job], job, this.nowMs);
    if (this.witness.detailed) this.witness.jobDoes(job, 'training', this.nowMs);
  }

  pause(job: number): void {
    const { seed, replication } = this.options;
    const { retraining } = this;
    const { class: its, stretchMs } = retraining.physics[job]!;
    if (stretchMs !== undefined) {
      if (retraining.isStopping(job)) return;
      const accelerator = this.touch(this.control.jobs.accelerator[job]);
      accelerator.begin(its, retraining.beginStopping(job, accelerator.remove(its, job, this.nowMs)), job, this.nowMs);
      return;
    }
    this.agenda.set(this.firstPause + job, this.nowMs + this.retraining.pauseMs(job, seed, replication));
  }

  /** A job that is about to stop does not. */
  private goOnAfterAll(job: number): void {
    const { retraining } = this;
    if (!retraining.isStopping(job)) return;
    const accelerator = this.touch(this.control.jobs.accelerator[job]);
    const its = retraining.physics[job]!.class;
    accelerator.begin(its, accelerator.remove(its, job, this.nowMs) + retraining.endStopping(job), job, this.nowMs);
  }

  deploy(job: number): void {
    this.world?.deploy(job);
    this.awaitWorld();
  }

  discard(job: number): void {
    this.world?.discard(job);
  }

  notice(job: number): void {
    this.world?.noticed(job, this.nowMs);
  }

  pull(site: number, model: number): void {
    this.repository!.pull(site, model, this.nowMs);
    this.awaitRepository();
  }

  discardModel(): void {}

  /** See `Repository.setManager`. */
  setManager(change: number): void {
    this.repository?.setManager(change, this.nowMs);
    this.awaitRepository();
  }

  /** Pulls to a site that is lost fail. */
  failPulls(site: number): void {
    this.repository?.siteLost(site, this.nowMs);
    this.awaitRepository();
  }

  private awaitRepository(): void {
    if (this.repository !== undefined) this.agenda.set(this.repositorySlot, Math.max(this.repository.nextMs, this.nowMs));
  }

  wake(decision: number, atMs: number): void {
    this.agenda.set(this.firstTimer + decision, Math.max(atMs, this.nowMs));
  }

  // ------------------------------------------------------------------------------------------ what happens by itself

  labelled(job: number, right: boolean, version: number): void {
    this.control.labelled(job, right, version, this.nowMs);
  }

  deployed(job: number, better: boolean): void {
    this.control.deployed(job, better, this.nowMs);
  }

  private awaitWorld(): void {
    if (this.world !== undefined) this.agenda.set(this.worldSlot, Math.max(this.world.nextMs, this.nowMs));
  }

  private activityEnded(id: number): void {
    const accelerator = this.touch(id);
    const { nowMs, control } = this;
    const ending = accelerator.endingClass;
    const subject = accelerator.endNext(nowMs);
    const physics = this.physics[id];
    if (ending >= OWN_CLASSES && (ending < physics.firstTrainingClass || ending > physics.loadingClass)) {
      if (this.witness.detailed) this.witness.workerDoes(subject, 'nothing', nowMs);
      this.idleness.ended(subject, nowMs);
      control.finished(subject, nowMs);
    } else if (ending === HOST && this.workerWaitMs[subject] > 0) accelerator.begin(WAIT, this.workerWaitMs[subject], subject, nowMs);
    else if (ending < OWN_CLASSES) {
      this.compute(accelerator, subject, this.workerWorkMs[subject]);
      if (this.witness.detailed) this.witness.workerDoes(subject, 'inference', nowMs);
    } else if (ending === physics.loadingClass) {
      if (this.witness.detailed) this.witness.workerDoes(subject, 'nothing', nowMs);
      if (this.workerDoomed[subject]) control.outOfMemory(subject, nowMs);
      else if (this.breakdowns?.failsLoad(subject)) {
        this.kill(subject);
        control.died(subject, nowMs);
      } else control.loaded(subject, nowMs);
    } else this.stretchEnded(subject, ending);
  }

  /** The work that a job had begun is done: its epoch, or what it still had to do before it stops, or both. */
  private stretchEnded(job: number, its: number): void {
    const { retraining, nowMs, control } = this;
    const { epochMs } = retraining.physics[job]!;
    const stopping = retraining.isStopping(job);
    const leftMs = stopping ? retraining.endStopping(job) : 0;
    this.touch(control.jobs.accelerator[job]).begin(its, leftMs > 0 ? leftMs : epochMs, job, nowMs);
    if (leftMs === 0) {
      this.witness.epochEnded(job, nowMs);
      control.epochEnded(job, nowMs);
    }
    // Whoever heard of the epoch may have told it to go on, and even to stop again.
    if (stopping && control.jobs.state[job] === Training.pausing && !retraining.isStopping(job)) this.stopTraining(job);
  }

  // ------------------------------------------------------------------------------------------------ what breaks down

  halt(id: number): (() => void) | undefined {
    const { accelerator: at } = this.control.workers[id];
    const accelerator = this.touch(at);
    const { loadingClass } = this.physics[at];
    const doing = [HOST, WAIT, this.workerPhysics[id].class, loadingClass].find((c) => accelerator.has(c, id));
    if (doing === undefined) return undefined;
    const leftMs = accelerator.remove(doing, id, this.nowMs);
    return () => this.touch(at).begin(doing, leftMs, id, this.nowMs);
  }

  unplug(id: number): void {
    const { control, retraining, nowMs } = this;
    const accelerator = this.touch(id);
    accelerator.clear(nowMs);
    accelerator.isPowered = false;
    this.usedMiB[id] = this.physics[id].fixedMiB;
    control.workers.forEach(({ accelerator: at, state }, worker) => {
      if (at === id && state !== WorkerState.dead && this.witness.detailed) this.witness.workerDoes(worker, 'nothing', nowMs);
    });
    for (const job of retraining.jobsOn(id)) {
      this.agenda.set(this.firstPause + job, Infinity);
      retraining.setBack(job);
      if (this.witness.detailed) this.witness.jobDoes(job, 'nothing', nowMs);
    }
  }

  plug(id: number): void {
    this.accelerators[id].advance(this.nowMs);
    this.accelerators[id].isPowered = true;
    for (const job of this.retraining.jobsOn(id)) this.usedMiB[id] += this.retraining.physics[job]!.memoryMiB;
  }

  private stopTraining(job: number): void {
    const { retraining } = this;
    retraining.active[job] = false;
    retraining.leftMs[job] = this.touch(this.control.jobs.accelerator[job]).remove(retraining.physics[job]!.class, job, this.nowMs);
    if (this.witness.detailed) this.witness.jobDoes(job, 'paused', this.nowMs);
    this.control.paused(job, this.nowMs);
  }

  /** Takes the memory of a job's process, which holds it from the beginning. */
  private reserve(job: number): void {
    const accelerator = this.control.jobs.accelerator[job];
    if (accelerator === NONE || this.retraining.physics[job] !== undefined) return;
    const physics = this.physics[accelerator].job(job, {})!;
    this.retraining.place(job, accelerator, physics);
    this.usedMiB[accelerator] += physics.memoryMiB;
    if (!fits(this.usedMiB[accelerator], 0, this.physics[accelerator].memoryMiB))
      throw new BooksError('memory', `retraining was placed on ${this.system.accelerators[accelerator].name}, where it does not fit`);
  }

  private sharedPhysics(): Physics[] {
    const made: { site: number; profile: unknown; physics: Physics }[] = [];
    return this.system.accelerators.map((accelerator) => {
      const { site, profile } = accelerator;
      const same = made.find((m) => m.site === site && m.profile === profile);
      if (same) return same.physics;
      const { draw } = this.options;
      const physics = physicsOf(this.system, this.control.laneSpecs, draw === undefined ? accelerator : { ...accelerator, profile: drawnProfile(profile, draw) });
      made.push({ site, profile, physics });
      return physics;
    });
  }
}

const SAMPLES = 200;
