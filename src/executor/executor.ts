import { closeSync } from 'node:fs';
import { Control, type Bundle } from '../control/control.js';
import { Outcome, type Driver, type Observer } from '../control/driver.js';
import type { System } from '../control/system.js';
import { WorkerState } from '../control/worker.js';
import { InputError } from '../input/error.js';
import type { Measurable } from '../measurement/witness.js';
import { NONE } from '../policy/contract.js';
import { realClock, type Clock } from './clock.js';
import { Deployments } from './deployments.js';
import type { ModelSpec, Progress, Proposal } from './engines/engine.js';
import { Heartbeat } from './heartbeat.js';
import { Kind, Teller } from './log/happening.js';
import { Tally } from './log/tally.js';
import type { Done, ExecutorOptions, WeightsOf } from './options.js';
import { SitesElsewhere } from './elsewhere/sites.js';
import { BusyTime } from './totals.js';
import { ProfileWatch } from './profile-watch.js';
import type { Edge } from './repository/edge.js';
import { edgeListener } from './repository/edge-listener.js';
import { Trainers, type TrainerOrder } from './trainers.js';
import { Ending, type WorkerOrder } from './worker/messages.js';
import { WorkerProcess, type Placement, type WorkerListener } from './worker/worker-process.js';

interface Pending {
  image: Uint8Array;
  done: Done;
  answer: Uint8Array | undefined;
  /** On its way to the site that answers it, ms. */
  uploadMs: number;
  by?: WeightsOf;
  /** Record of the request's other leg. */
  twin?: number;
}

const DEFAULT_SILENCE_MS = 10_000;
const SAMPLE_EVERY_MS = 1000;
/** The site whose storage an edge fills: the only one that is served. */
const EDGE = 0;
/** Before control hears of a worker that refused its version. */
const REFUSED_PAUSE_MS = 2000;

/** Drives control on the real clock: worker processes carry out what it decides, and what they do is told back. */
export class Executor implements Driver, Observer, Measurable {
  readonly control: Control;
  readonly accelerators: readonly BusyTime[];
  longestSloMs = 0;
  /** Shape of each lane's model, once a worker has loaded it. */
  readonly models: (ModelSpec | undefined)[];
  /** Which weights serve, and how they came to it. */
  readonly deployments: Deployments;
  /** How the profiles fare with what is measured. */
  readonly watch: ProfileWatch;
  /** What ended everything, if something did. */
  failure: Error | undefined;
  /** Where versions of models come from; undefined without a repository. */
  readonly edge: Edge | undefined;
  private readonly options: ExecutorOptions;
  private readonly tally: Tally;
  private readonly teller: Teller;
  private readonly heartbeat: Heartbeat;
  private readonly trainers: Trainers;
  /** By worker; undefined where it is dead. */
  private readonly processes: (WorkerProcess | undefined)[] = [];
  private readonly pending = new Map<number, Pending>();
  private readonly wakes: ((() => void) | undefined)[] = [];
  private readonly asked: number[] = [];
  private batches = 0;
  /** Number of the batch that each worker is at. */
  private readonly batchOf: number[] = [];
  /** By worker: whose weights it answers with. */
  private readonly answersBy: WeightsOf[] = [];
  private clock: Clock | undefined;
  /** What is told while control is at work, which must not be interrupted. */
  private readonly queue: (() => void)[] = [];
  private isTelling = false;
  private born: Pending | undefined;
  private loadingFirst: Map<number, { ready: () => void; failed: (why: string) => void }> | undefined;
  private readonly jobsToStart: number[] = [];
  /** Workers that wait for their versions before the run begins. */
  private readonly toOpen: number[] = [];
  private sampling: NodeJS.Timeout | undefined;
  private isOver = false;
  private readonly sites: SitesElsewhere;

  constructor(system: System, bundle: Bundle, options: ExecutorOptions) {
    this.options = options;
    this.edge = options.edge;
    this.tally = new Tally(this, this, options.onCommand);
    this.control = new Control(system, bundle, this.tally, this.tally);
    this.tally.control = this.control;
    this.teller = new Teller(this.control, (request) => this.pending.set(request, this.born!));
    this.accelerators = system.accelerators.map(() => new BusyTime(() => this.nowMs));
    this.watch = new ProfileWatch(system.accelerators.map(({ profile }) => profile));
    this.models = this.control.laneSpecs.map(() => undefined);
    this.deployments = new Deployments(system.jobs.length, options.weights);
    this.sites = new SitesElsewhere(this.control, options.elsewhere ?? new Map(), {
      nowMs: () => this.nowMs,
      tell: (kind, subject, value) => this.tell(kind, subject, value),
      answered: (request, answer, uploadMs) => {
        const pending = this.pending.get(request);
        if (pending !== undefined) Object.assign(pending, { answer, uploadMs });
      },
      lost: (site, isLost) => options.report?.siteLost?.(site, isLost),
    });
    this.heartbeat = new Heartbeat(options.silentForMs ?? DEFAULT_SILENCE_MS);
    this.trainers = new Trainers(this.control, this.heartbeat, (job) => this.trainingOrder(job), {
      epochEnded: (job) => {
        this.tell(Kind.epochEnded, job);
        options.witness?.epochEnded(job, this.nowMs);
      },
      paused: (job) => this.tell(Kind.paused, job),
      deployed: (job, proposal) => this.deployed(job, proposal),
      notice: (job, sentence) => options.report?.trainerSays?.(job, sentence),
      died: (job, why, againInMs) => options.report?.trainerDied?.(job, why, againInMs),
      active: (job, active) => {
        const accelerator = this.control.jobs.accelerator[job];
        this.watch.trains(accelerator, system.jobs[job].model, active, this.nowMs);
        this.accelerators[accelerator].change(active ? 1 : -1);
      },
    });
  }

  /** Time since the run began, which is when all workers were loaded; 0 before. */
  get nowMs(): number {
    return this.clock?.nowMs() ?? 0;
  }

  /**
   * Starts and loads what the placement wants, and then the clock.
   *
   * @throws InputError if the placement is impossible or a worker cannot load
   */
  async begin(): Promise<void> {
    const waiting: Promise<void>[] = [];
    this.loadingFirst = new Map();
    const { loadingFirst } = this;
    let giveUp!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => (giveUp = reject));
    this.isTelling = true;
    const refusals = this.control.begin();
    this.isTelling = false;
    if (refusals.length > 0) {
      this.end();
      throw new InputError(`the placement is impossible: ${refusals.join('; ')}`);
    }
    await this.pullFirst();
    for (const [worker] of this.processes.entries())
      waiting.push(
        new Promise((ready) => {
          const { model } = this.control.laneSpecs[this.control.workers[worker].lane];
          loadingFirst.set(worker, { ready, failed: (why) => giveUp(new InputError(`cannot load ${model} on ${this.acceleratorName(worker)} with ${this.options.engine}: ${why}`)) });
        }),
      );
    try {
      await Promise.race([Promise.all(waiting), lost]);
      for (const [lane, spec] of await this.sites.begin()) this.models[lane] ??= spec;
    } catch (error) {
      this.end();
      throw error;
    }
    this.loadingFirst = undefined;
    this.clock = realClock(performance.now());
    this.sites.clockBegan();
    this.edge?.watch(edgeListener((kind, subject, value) => this.tell(kind, subject, value)));
    this.asked.forEach((atMs, decision) => this.arm(decision, atMs));
    for (const job of this.jobsToStart) this.trainers.train(job);
    const { witness } = this.options;
    witness?.windowBegan(0);
    if (witness !== undefined) {
      this.sampling = setInterval(() => witness.sampled(this.control.books.inSystem, this.nowMs), SAMPLE_EVERY_MS);
      this.sampling.unref();
    }
  }

  /**
   * Takes a request in: from here on it is in the books, and `done` is called once.
   *
   * @param image as `ServedModel.infer` takes it
   * @param sloMs time from its birth until its deadline; Infinity without one
   * @param bornMs when that was, by this executor's clock; now if left out
   */
  submit(app: number, image: Uint8Array, sloMs: number, done: Done, bornMs?: number): void {
    if (this.clock === undefined || this.isOver) {
      setImmediate(() => done(Outcome.unfinished, undefined));
      return;
    }
    if (sloMs < Infinity && sloMs > this.longestSloMs) this.longestSloMs = sloMs;
    const uploadMs = bornMs === undefined ? 0 : Math.max(0, this.nowMs - bornMs);
    if (uploadMs > 0) this.tell(Kind.underWay, app, uploadMs);
    this.tell(Kind.born, app, sloMs, { image, done, answer: undefined, uploadMs });
  }

  /** Somebody says whether an answer was right. Nothing learns from it where no job trains what answered, or its job takes no labels. */
  labelled({ job, version }: WeightsOf, right: boolean): void {
    if (this.clock !== undefined && this.control.jobs.lessons[job] !== undefined) this.tell(Kind.labelled, job, version * 2 + (right ? 1 : 0));
  }

  /** Whether there is a living worker process of an app's every stage, so that a request could be answered now. */
  isReady(): boolean {
    return !this.isOver && this.failure === undefined && this.clock !== undefined && this.control.lanes.every((_, lane) => this.control.elsewhere.has(this.control.laneSpecs[lane].site) || this.control.workers.some((w) => w.lane === lane && w.state !== WorkerState.dead && w.state !== WorkerState.loading));
  }

  /** Ids of the operating system, for faults and for the live page. */
  pids(): { workers: (number | undefined)[]; jobs: (number | undefined)[] } {
    return { workers: this.control.workers.map((worker, id) => (worker.state === WorkerState.dead ? undefined : this.processes[id]?.pid)), jobs: this.control.system.jobs.map((_, job) => this.trainers.pid(job)) };
  }

  /** @returns epochs that a job has finished since the run began, and the part of the present one that is done, where its engine tells */
  epochs(job: number): number {
    return this.control.jobs.epochs[job] + (this.trainers.progress(job)?.fraction ?? 0);
  }

  /** How far a job is, and what it is doing. */
  training(job: number): { state: string; progress: Progress | undefined } {
    return { state: this.trainers.stateOf(job), progress: this.trainers.progress(job) };
  }

  /**
   * Ends the run: waits until what was taken in has ended, but no longer than so; the rest is unfinished. To be called once nothing
   * more will be submitted.
   *
   * @throws BooksError if an invariant is broken
   */
  async stop(drainMs: number): Promise<void> {
    if (this.clock === undefined) return this.end();
    if (this.isOver) return;
    const untilMs = this.nowMs + drainMs;
    this.options.witness?.windowEnded(this.nowMs);
    while (this.control.books.inSystem > 0 && this.nowMs < untilMs && this.failure === undefined) await new Promise((later) => setTimeout(later, 5));
    try {
      if (this.failure === undefined) this.tell(Kind.close, NONE, this.sites.underWay);
    } finally {
      this.end();
    }
  }

  // --------------------------------------------------------------------------------------------- control's commands

  upload(request: number, site: number): boolean {
    if (!this.control.elsewhere.has(site)) return true;
    this.sites.send(request, site, this.pending.get(request)!.image);
    return false;
  }

  forward(): boolean {
    return true;
  }

  answer(): boolean {
    return true;
  }

  duplicated(request: number, leg: number): void {
    const first = this.pending.get(request)!;
    this.pending.set(leg, { ...first, answer: undefined, twin: request });
    first.twin = leg;
  }

  start(id: number): void {
    const { workers, requests } = this.control;
    const images: Uint8Array[] = [];
    for (let request = workers[id].batch; request !== NONE; request = requests.next[request]) images.push(this.pending.get(request)!.image);
    this.batchOf[id] = ++this.batches;
    this.accelerators[workers[id].accelerator].change(1);
    this.watch.began(id, workers[id].accelerator, this.control.laneSpecs[workers[id].lane].model, images.length, this.nowMs);
    this.processes[id]!.infer(this.batchOf[id], images);
    if (this.options.witness?.detailed) this.options.witness.workerDoes(id, 'inference', this.nowMs);
  }

  load(id: number): void {
    if (this.clock === undefined && this.edge !== undefined) this.toOpen.push(id);
    else this.open(id);
  }

  private open(id: number): void {
    const { lane, accelerator, sharePercent } = this.control.workers[id];
    const { model } = this.control.laneSpecs[lane];
    const listener: WorkerListener = {
      ready: (spec) => {
        this.models[lane] = spec;
        const first = this.loadingFirst?.get(id);
        if (first !== undefined) first.ready();
        else this.tell(Kind.loaded, id);
      },
      answers: (batch, _workMs, answers) => this.answered(id, batch, answers),
      weights: (version, tookMs, refused) => {
        if (refused === undefined) {
          this.deployments.swapMs.set(model, tookMs);
          this.answersBy[id] = { job: this.answersBy[id].job, version };
        }
        this.options.report?.weightsInPlace?.(id, version, tookMs, refused);
      },
      ended: (ending, why) => this.workerEnded(id, process, ending, why),
    };
    const pulled = this.pulledWeights(id);
    const process = new WorkerProcess({ ...this.order(accelerator), serve: model }, { ...this.placementOf(accelerator), ...(sharePercent !== undefined && { sharePercent }) }, listener, pulled?.descriptor ?? this.deployments.of(model)?.weights);
    this.processes[id] = process;
    if (pulled?.descriptor !== undefined) closeSync(pulled.descriptor);
    else if (pulled !== undefined) process.giveUp(pulled.missing!);
    const job = this.control.system.jobs.findIndex((each) => each.model === model);
    this.answersBy[id] = { job, version: job === NONE ? 0 : this.deployments.deployed[job] };
    this.heartbeat.watch(process, () => this.processes[id] === process && this.control.workers[id].state === WorkerState.idle && this.loadingFirst === undefined);
  }

  kill(id: number): void {
    const process = this.processes[id]!;
    const { batch, standing } = this.control.workers[id];
    // One that a placement evicts has no batch, and is not to be started again.
    if (batch !== NONE || standing) this.options.report?.workerDied?.(id, 'it was at one batch or load for too long, so it was taken for hung and killed');
    this.rest(id);
    this.heartbeat.forget(process);
    this.processes[id] = undefined;
    process.kill();
  }

  pull(_site: number, model: number): void {
    this.edge!.pull(model, this.control.storage!.pullingAt(EDGE, model));
  }

  discardModel(_site: number, model: number): void {
    this.edge!.discard(model);
  }

  train(job: number): void {
    if (this.clock === undefined) this.jobsToStart.push(job);
    else this.trainers.train(job);
  }

  pause(job: number): void {
    const at = this.jobsToStart.indexOf(job);
    if (this.clock === undefined && at >= 0) this.jobsToStart.splice(at, 1);
    this.trainers.pause(job);
  }

  deploy(job: number): void {
    this.trainers.deploy(job);
  }

  discard(job: number): void {
    this.trainers.discard(job);
  }

  notice(job: number): void {
    this.options.report?.noticed?.(job);
  }

  wake(decision: number, atMs: number): void {
    this.asked[decision] = atMs;
    if (this.clock !== undefined) this.arm(decision, atMs);
  }

  // ---------------------------------------------------------------------------------------------------- what happened

  ended(request: number, outcome: Outcome, nowMs: number): void {
    const { done, answer, by, twin, uploadMs } = this.pending.get(request)!;
    this.pending.delete(request);
    if (twin !== undefined) this.pending.delete(twin);
    this.options.witness?.ended(request, outcome, nowMs);
    if (outcome === Outcome.answered) done(outcome, answer, { lane: this.control.requests.lane[request], uploadMs, ...(by ?? { job: NONE, version: 0 }) });
    else done(outcome, undefined);
  }

  private answered(id: number, batch: number, answers: readonly Uint8Array[]): void {
    if (this.batchOf[id] !== batch) return;
    const { workers, requests } = this.control;
    let asked = 0;
    for (let request = workers[id].batch; request !== NONE; request = requests.next[request]) asked++;
    // Nobody can say whose answer is missing, so none of them is right for sure.
    if (answers.length !== asked) return this.processes[id]!.giveUp(`it was asked about ${asked} image${asked === 1 ? '' : 's'} and gave ${answers.length} answer${answers.length === 1 ? '' : 's'}`);
    let i = 0;
    for (let request = workers[id].batch; request !== NONE; request = requests.next[request]) {
      const answer = answers[i++];
      // A leg that was withdrawn while it ran is waited for by nobody.
      const pending = this.pending.get(request);
      if (pending !== undefined) Object.assign(pending, { answer, by: this.answersBy[id] });
    }
    this.watch.ended(id, true, this.nowMs);
    this.rest(id);
    this.tell(Kind.finished, id);
  }

  private workerEnded(id: number, process: WorkerProcess, ending: Ending, why: string): void {
    this.heartbeat.forget(process);
    if (this.processes[id] !== process) return;
    const first = this.loadingFirst?.get(id);
    if (first !== undefined) {
      first.failed(why);
      return;
    }
    this.rest(id);
    this.options.report?.workerDied?.(id, why);
    const over = (): void => {
      if (this.processes[id] !== process) return;
      this.processes[id] = undefined;
      this.tell(ending === Ending.outOfMemory ? Kind.outOfMemory : Kind.died, id);
    };
    // A version that does not fit will not fit at once, and the placement would start it again in the same moment.
    if (ending === Ending.refused && this.edge !== undefined) setTimeout(over, REFUSED_PAUSE_MS).unref();
    else over();
  }

  /** A job has compared what it learnt. If it is better, it goes to every worker of its model, which answers with it once all of it has arrived. */
  private deployed(job: number, { better, comparison, weights }: Proposal): void {
    const { model } = this.control.system.jobs[job];
    const deployment = { job, model, atMs: this.nowMs, better, ...(comparison && { comparison }) };
    const now = this.deployments.add(deployment, weights);
    // An engine without weights has the new ones at once; the others say when they have put them in place.
    if (now === undefined && better) this.answersBy.forEach((by, id) => by.job === job && (this.answersBy[id] = { job, version: this.deployments.deployed[job] }));
    if (now !== undefined) {
      for (const [id, process] of this.processes.entries()) if (this.control.laneSpecs[this.control.workers[id].lane].model === model) process?.setWeights(now.version, now.weights);
    }
    this.options.report?.deployed?.(deployment);
    this.tell(Kind.deployed, job, better ? 1 : 0);
  }

  /** Brings the versions that the placement begins with, and starts the workers that waited for them. */
  private async pullFirst(): Promise<void> {
    const { edge } = this;
    if (edge === undefined) return;
    try {
      await edge.fill(Array.from(this.control.storage!.newest, (_, model) => this.control.storage!.versionAt(EDGE, model)));
    } catch (error) {
      if (!this.isOver) this.end();
      throw error;
    }
    for (const id of this.toOpen) this.open(id);
  }

  /** The version that a worker is to load, as an open file, or why there is none; undefined for a model that no repository has. */
  private pulledWeights(id: number): { descriptor?: number; missing?: string } | undefined {
    const { lane, version } = this.control.workers[id];
    const model = this.control.storage?.modelOf(lane) ?? NONE;
    if (this.edge === undefined || model === NONE) return undefined;
    try {
      return { descriptor: this.edge.weights(model, version) };
    } catch (error) {
      return { missing: `version ${version} of ${this.control.laneSpecs[lane].model} cannot be read from the storage: ${(error as Error).message}` };
    }
  }

  /** A worker is at no batch any more. */
  private rest(id: number): void {
    if (this.batchOf[id] === undefined || this.batchOf[id] === NONE) return;
    this.batchOf[id] = NONE;
    this.watch.ended(id, false, this.nowMs);
    this.accelerators[this.control.workers[id].accelerator].change(-1);
    if (this.options.witness?.detailed) this.options.witness.workerDoes(id, 'nothing', this.nowMs);
  }

  private arm(decision: number, atMs: number): void {
    this.wakes[decision]?.();
    this.wakes[decision] = undefined;
    if (atMs === Infinity || this.isOver) return;
    this.wakes[decision] = this.clock!.at(atMs, () => {
      this.wakes[decision] = undefined;
      this.tell(Kind.timer, decision);
    });
  }

  /** Tells control, now or as soon as it has done what it is at. */
  private tell(kind: number, subject: number, value = 0, born?: Pending): void {
    if (this.isTelling) {
      this.queue.push(() => this.tell(kind, subject, value, born));
      return;
    }
    if (this.isOver || this.failure !== undefined) {
      if (born !== undefined) setImmediate(() => born.done(Outcome.failed, undefined));
      return;
    }
    this.isTelling = true;
    this.born = born;
    const happening = { kind, subject, value, nowMs: this.nowMs };
    let failed: Error | undefined;
    try {
      this.teller.tell(happening);
    } catch (error) {
      failed = error as Error;
      this.fail(failed);
    } finally {
      this.isTelling = false;
      this.options.log?.add(happening, this.tally.checksum);
    }
    if (failed !== undefined && kind === Kind.close) throw failed;
    this.queue.shift()?.();
  }

  /** After an error in the middle of a decision nobody knows what is true, so nothing goes on: what waits has failed, and is told so. */
  private fail(error: Error): void {
    this.failure = error;
    // Both legs of a request have the same end.
    const waiting = new Set(Array.from(this.pending.values(), ({ done }) => done));
    this.pending.clear();
    for (const done of waiting) done(Outcome.failed, undefined);
    this.options.report?.failed?.(error);
  }

  /** Ends all processes. */
  private end(): void {
    this.isOver = true;
    clearInterval(this.sampling);
    this.wakes.forEach((cancel) => cancel?.());
    this.heartbeat.stop();
    this.sites.end();
    this.trainers.stop();
    this.edge?.stop();
    for (const process of this.processes) process?.kill();
    this.options.log?.close();
  }

  private order(accelerator: number): WorkerOrder {
    return { engine: this.options.engine, options: this.options.engineOptions, accelerator: this.options.cudaDevices?.[accelerator] ?? accelerator };
  }

  private trainingOrder(job: number): TrainerOrder {
    const accelerator = this.control.jobs.accelerator[job];
    const { model } = this.control.system.jobs[job];
    const learning = this.options.learning?.[job];
    const train = { model, batch: this.options.jobBatches?.[job] ?? 1, ...(learning && { learning }) };
    return { order: { ...this.order(accelerator), train }, placement: this.placementOf(accelerator), inUse: this.deployments.of(model)?.weights };
  }

  private placementOf(accelerator: number): Placement {
    return { cudaDevice: this.options.cudaDevices?.[accelerator], sharePercent: this.options.sharePercent };
  }

  private acceleratorName(worker: number): string {
    return this.control.system.accelerators[this.control.workers[worker].accelerator].name;
  }
}
