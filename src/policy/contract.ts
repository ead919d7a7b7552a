/**
 * The contract of a scheduling policy, as published under `corun/policy`.
 *
 * A policy fills in one decision. It is asked when something happens (an event with a subject), looks at a view, issues
 * commands, and returns the time at which it wants to be asked again at the latest. The same instance runs in the
 * simulator and in the executor, so it may read no clock, draw no random number but from the stream it is given, and
 * do no input or output. Views and command sinks are reused and must not be kept beyond the call.
 *
 * Ids (lane, accelerator, worker, job) are dense integers from 0, the same in every view; `NONE` stands for "there is none".
 */
import type { CoRun } from '../profile/co-run.js';
import type { SharedWorkload } from '../profile/shares.js';
import type { Stream } from '../random/stream.js';

export type { CoRun } from '../profile/co-run.js';

/** Time in ms since the run began. */
export type Ms = number;

export const NONE = -1;

/** Returned by a policy that wants no wake-up. */
export const NEVER = Infinity;

/** What happened, and what the subject then is. */
export const Event = {
  /** The run begins; subject NONE. Asked once, before anything else. */
  start: 0,
  /** A request joined a lane; subject: the lane. */
  arrived: 1,
  /** A worker became idle, after a batch or after loading; subject: the worker. */
  free: 2,
  /** The wake-up that the policy asked for is due; subject NONE. */
  timer: 3,
  /** An accelerator got inference work after having none, queued or running; subject: the accelerator. */
  busy: 4,
  /** An accelerator has no inference work left, queued or running; subject: the accelerator. */
  idle: 5,
  /** A retraining job finished an epoch; subject: the job. */
  epoch: 6,
  /** A retraining job that was told to pause has come to rest; subject: the job. */
  training: 7,
  /** A load did not fit into the memory and its process died; subject: the accelerator. */
  outOfMemory: 8,
  /** A worker died by itself; what it was doing waits again, or failed; subject: the accelerator. */
  died: 9,
  /** An accelerator vanished, with all that was on it; subject: the accelerator, which is in no view until it returns. */
  lost: 10,
  /** A lost accelerator is there again, empty; the workers that were placed on it are loading; subject: the accelerator. For place also: the repository's manager is back; subject NONE. */
  returned: 11,
  /** A label came: whether the weights in use had answered a request rightly; subject: the job. */
  labelled: 12,
  /** The weights of a job replaced those in use, without a pause in serving; subject: the job. */
  deployed: 13,
  /** They were no better on held-out images and were thrown away; subject: the job. */
  declined: 14,
  /** A worker that was told to go has ended its batch, and gone; subject: the accelerator. */
  evicted: 15,
  /** The rate at which requests join a lane has doubled or halved since it was last told, or since the start; subject: the lane. */
  shifted: 16,
  /** A model that was pulled lies in the storage of a site, and takes the place of its older version there; subject: the site. */
  stored: 17,
  /** A pull failed, since the site or the repository's manager was lost; subject: the site. */
  pullFailed: 18,
  /** The repository has a newer version of a model; subject: the model. */
  published: 19,
} as const;
export type Event = (typeof Event)[keyof typeof Event];

/** State of a retraining job. A pause takes until the end of a slice: the command sets `pausing`, the outcome arrives as an event. */
export const Training = { stopped: 0, running: 1, pausing: 2, paused: 3 } as const;
export type Training = (typeof Training)[keyof typeof Training];

/** State of a worker. `leaving`: it ends its batch, then goes. */
export const Process = { loading: 0, idle: 1, active: 2, leaving: 3 } as const;
export type Process = (typeof Process)[keyof typeof Process];

/** Which of the two answers of a duplicated request counts. */
export const Answer = {
  /** The one that reaches the client first. */
  first: 0,
  /**
   * The most accurate of those that are at the client by the deadline. It ends the request at once if the other leg cannot do
   * better any more; else it is held until the deadline. After the deadline, the first to come.
   */
  bestAtDeadline: 1,
} as const;
export type Answer = (typeof Answer)[keyof typeof Answer];

/** One decision of one policy, alive for one run. */
export interface Decision<View, Commands> {
  /** @returns the time of the next wake-up it wants, or NEVER. The latest answer replaces an earlier one. */
  on(event: Event, subject: number, nowMs: Ms, view: View, out: Commands): Ms;
}

// ---------------------------------------------------------------------------------------------------------- route

/** A request is born at a client: which sites answer it. Asked with `Event.arrived`; the subject is the workload's index. */
export interface RouteView {
  /** Position of the request in its workload's stream, from 0. */
  readonly ordinal: number;
  /** Sites that can run stage `stage` of this request's app, and can be reached. At least one. */
  sitesOf(stage: number): readonly number[];
  readonly stageCount: number;
  /** Whether the site is the request's own phone: no network leads there, and nothing queues. */
  isDevice(site: number): boolean;
  /** Exponentially weighted mean (weight 0.1) of how long requests of this app took from birth to that site, as reported by those that arrived; 0 before the first. */
  uploadMs(site: number): Ms;
  /** Time from birth to deadline; Infinity if it has none. */
  readonly sloMs: Ms;
  /** Lanes of the variants that a site could run the stage with, as it reported. */
  lanesAt(stage: number, site: number): readonly number[];
  /** Whether a worker of the lane is loaded, as the site reported. */
  isLoaded(lane: number): boolean;
  /** Time to load one, from the profile of the first accelerator that knows the model. */
  loadMs(lane: number): Ms;
  /** Exponentially weighted mean (weight 0.1) of the lane's observed time per batch, starting at the profile's solo time. */
  serviceMs(lane: number): Ms;
  /** Accuracy of what is loaded, or would be, a fraction; NaN where nobody says. */
  accuracy(lane: number): number;
}

export interface RouteCommands {
  /** Called once per stage, in order: the stage is run at this site. */
  visit(site: number): void;
  /**
   * Called at most once, when all stages have their sites: the same request is answered elsewhere as well. The visits that
   * follow, once per stage again, are those of this second leg. A leg that is sent again because its site was lost takes the
   * visits of its place, first or second, and no further leg is added.
   */
  duplicate(answer: Answer): void;
}

// --------------------------------------------------------------------------------------------------------- select

/**
 * A request reached a site at which several variants of its stage's model are loaded: which of them answers it. Asked with
 * `Event.arrived`; the subject is the workload's index. With one variant nothing is asked. The time it returns has no meaning; return NEVER.
 */
export interface SelectView {
  /** Lanes of the variants to choose from, in the scenario's order: those that are loaded, or all of them if none is. At least two. */
  readonly lanes: readonly number[];
  /** Lanes of further variants that this site could run and has not loaded; they cannot be chosen. */
  readonly cold: readonly number[];
  model(lane: number): string;
  /** Accuracy of the variant, a fraction, from the scenario or the profile. */
  accuracy(lane: number): number;
  /** Mean and standard deviation of its solo time, from the profile. */
  profiledMs(lane: number): Ms;
  profiledSdMs(lane: number): Ms;
  /** The same as observed here, from start to end, neighbours included: exponentially weighted (weight 0.5), beginning with the profile's. */
  measuredMs(lane: number): Ms;
  measuredSdMs(lane: number): Ms;
  /** Requests waiting in the lane. */
  queued(lane: number): number;
  /** How long this request was on its way here, from its client or from the stage before. */
  readonly uploadMs: Ms;
  /** Time left until its deadline, negative when that has passed; Infinity if it has none. */
  readonly leftMs: Ms;
  /** Time from birth to deadline; Infinity if it has none. */
  readonly sloMs: Ms;
}

export interface SelectCommands {
  /** The request joins this lane. Called once. */
  choose(lane: number): void;
}

// ------------------------------------------------------------------------------------------------------- dispatch

/** What a site's scheduler sees. A lane is the queue of one app, stage and variant at this site. */
export interface DispatchView {
  readonly lanes: readonly number[];
  /** Those that are there at present: a lost one is missing until it returns. */
  readonly accelerators: readonly number[];
  app(lane: number): string;
  model(lane: number): string;
  /** Requests waiting in a lane. */
  queued(lane: number): number;
  /** When the request at the head of the lane reached this site; Infinity if the lane is empty. */
  headArrivedMs(lane: number): Ms;
  /** Absolute deadline (birth plus SLO) of the head; Infinity if it has none or the lane is empty. */
  headDeadlineMs(lane: number): Ms;
  /** Batches in flight: workers of this accelerator that run a batch, or load a model for the request that they are bound to. */
  inFlight(accelerator: number): number;
  /** An idle worker for this lane on this accelerator, or NONE. */
  idleWorker(lane: number, accelerator: number): number;
  /** The lane whose head comes first (by the policy's `order`, else by arrival at the site) among those with an idle worker here, or NONE. */
  firstStartable(accelerator: number): number;
  /** State of the retraining job on this accelerator. */
  training(accelerator: number): Training;
  /** Mean solo time of a batch of n, from the profile; Infinity if that accelerator does not know the lane's model. */
  soloMs(lane: number, accelerator: number, n: number): Ms;
  /** Exponentially weighted mean of this lane's observed time per batch (weight 0.1), starting at the profile's solo time. */
  measuredMs(lane: number): Ms;
  /** Requests that a batch of this lane is to hold at most, as the placement planned; 1 where it plans none. */
  plannedBatch(lane: number): number;
  /** Workers of this lane that run a batch on this accelerator. */
  active(lane: number, accelerator: number): number;
  /** Share of its accelerator that a worker may use, in percent; 100 without one. */
  shareOf(worker: number): number;
  /** Sum of the shares of those workers of this accelerator that are at work, in percent. */
  shareInUse(accelerator: number): number;
}

export interface DispatchCommands {
  /** Starts the first `n` requests of the lane as one batch on an idle worker. */
  start(lane: number, n: number, worker: number): void;
  /**
   * Starts a process for the head of the lane, bound to it: it loads the model, then serves this request. If the
   * memory does not hold it, the process dies after loading; the request is retried once at the head of its lane, then fails.
   */
  spawn(lane: number, accelerator: number): void;
  /** Turns away the request at the head of the lane. */
  rejectHead(lane: number): void;
  /** Turns away the newest request of the lane. */
  rejectTail(lane: number): void;
}

// -------------------------------------------------------------------------------------------------------- retrain

/** A way of retraining a job, with its fitted learning curve: after e epochs accuracy is ceiling − (ceiling − start) × 2^(−e / halfGapEpochs). */
export interface TrainingConfiguration {
  readonly name: string;
  /** Accuracy that endless training would reach, a fraction. */
  readonly ceiling: number;
  readonly halfGapEpochs: number;
}

/** How a job is trained from its start to its stop. */
export interface TrainingChoice {
  /** Position among the job's configurations; 0 if left out. */
  configuration?: number;
  /** Share of the accelerator in percent, one of `sharesOf(job)`; no limit if left out. */
  sharePercent?: number;
}

/** What a site's retraining controller sees. */
export interface RetrainView {
  /** The retraining jobs of this site. */
  readonly jobs: readonly number[];
  state(job: number): Training;
  acceleratorOf(job: number): number;
  /** Epochs that the job has finished. */
  epochs(job: number): number;
  /** Time of one epoch alone on its accelerator, from the profile, as it would be trained by this choice; Infinity without a place. */
  epochMs(job: number, choice?: TrainingChoice): Ms;
  /** Ways in which it can be trained: first the one of its scenario, then those that the scenario lists beside it. Empty where nothing is learnt. */
  configurations(job: number): readonly TrainingConfiguration[];
  /** Shares of its accelerator that it can be started with, in percent, ascending; empty where the profile does not say what they cost. */
  sharesOf(job: number): readonly number[];
  /** Batches in flight on this accelerator, plus requests waiting for a worker there. */
  inferenceWork(accelerator: number): number;
  /** Labels that have come for answers of the weights in use; 0 where nothing is learnt. */
  labels(job: number): number;
  /** Whether the label that came last said "right". */
  lastRight(job: number): boolean;
  /** Share of right answers among the last labels of the weights in use, as many as `label_window`; NaN without a label. */
  estimate(job: number): number;
  /** Standard error of the estimate, √(p(1 − p)/n); Infinity or NaN without a label. */
  standardError(job: number): number;
  /** Epochs since weights were last deployed or declined. */
  epochsSinceDeploy(job: number): number;
  /** Epochs after which weights are worth deploying, as the scenario says. */
  epochsPerDeploy(job: number): number;
}

export interface RetrainCommands {
  /**
   * Starts or resumes a job. While its accelerator is lost this is a wish, carried out when it returns. The choice is made at the
   * start and holds until the job is stopped: one that runs or pauses can only be told to run as it does.
   */
  run(job: number, choice?: TrainingChoice): void;
  /** Pauses a job after its current slice; its memory stays taken. */
  pause(job: number): void;
  /** Ends a job after its current slice: what it learnt since the last deploy is thrown away, and to run it again costs its start. Its memory stays taken. */
  stop(job: number): void;
  /** Puts its weights in the place of those in use, if they are better on held-out images; `deployed` or `declined` follows. The job goes on with newer data. */
  deploy(job: number): void;
  /** Says that this job's model has been noticed to get worse: `detection_delay_s` and `false_alarms` are taken from it. */
  notice(job: number): void;
}

// ---------------------------------------------------------------------------------------------------------- place

/**
 * What the fleet's placement sees. It is asked at the start, and everything that it loads then is warm when the run begins.
 * After that it is asked when its timer is due, and about the events that its definition lists; before dispatch is.
 */
export interface PlaceView {
  readonly lanes: readonly number[];
  /** Those that are there at present: a lost one is missing until it returns. */
  readonly accelerators: readonly number[];
  readonly jobs: readonly number[];
  siteOf(accelerator: number): number;
  siteOfLane(lane: number): number;
  siteOfJob(job: number): number;
  app(lane: number): string;
  /** Position of the lane's model among the variants that its site can run for the same app and stage; 0 is the first, or only, one. */
  variant(lane: number): number;
  acceleratorName(accelerator: number): string;
  /** Memory not taken yet. */
  freeMiB(accelerator: number): number;
  /** Memory of one worker of this lane there; Infinity if the profile does not know the model. */
  workerMiB(lane: number, accelerator: number): number;
  /** Memory of this retraining job there; Infinity if the profile does not know it. */
  jobMiB(job: number, accelerator: number): number;
  /** How many batches the site's dispatch policy will run at once on an accelerator at most, given the jobs assigned so far; Infinity if it has no limit. */
  concurrency(accelerator: number): number;
  model(lane: number): string;
  /** Mean solo time of one request, from the profile; Infinity if that accelerator does not know the lane's model. */
  soloMs(lane: number, accelerator: number): Ms;
  /** Time to start a worker of this lane there. */
  loadMs(lane: number, accelerator: number): Ms;
  /** Requests waiting in a lane. */
  queued(lane: number): number;
  /** When the request at the head of the lane reached its site; Infinity if the lane is empty. */
  headArrivedMs(lane: number): Ms;
  /**
   * Requests per second that join a lane: 1 over the exponentially weighted mean (weight 0.1) of the times between them, or over
   * the time since the last one if that is longer; 0 before the second one, and where the policy wants nothing but its start.
   */
  arrivalRateRps(lane: number): number;
  /** Living workers on an accelerator, ascending. */
  workersOn(accelerator: number): readonly number[];
  laneOf(worker: number): number;
  /** Share of the accelerator with which the worker was loaded, in percent; undefined without one. */
  shareOf(worker: number): number | undefined;
  /** Time from birth to deadline of the lane's requests; Infinity if they have none. */
  sloMs(lane: number): Ms;
  /** Exponentially weighted means (weight 0.1) of this lane's observed time per batch, starting at the profile's solo time, and of its requests per batch, starting at 1. */
  measuredMs(lane: number): Ms;
  measuredBatch(lane: number): number;
  process(worker: number): Process;
  /** When the worker last came to rest, after a batch or after loading; its start before that. */
  restedMs(worker: number): Ms;
  /** Workers of this lane there, those that are leaving not counted. */
  residents(lane: number, accelerator: number): number;
  /** Models of the repository; empty without one. A model that is not among them needs no storage. */
  readonly repository: readonly number[];
  /** The lane's model in the repository, or NONE. */
  modelOf(lane: number): number;
  /** The manager of the repository is lost: nothing can be pulled. */
  readonly isManagerLost: boolean;
  /** Its newest version, from 1, and the size of that. */
  newest(model: number): number;
  sizeMiB(model: number): number;
  /** Version that lies in the storage of a site; 0: none. Only that can be loaded there. */
  stored(site: number, model: number): number;
  /** Version that is on its way there; 0: none. */
  pulling(site: number, model: number): number;
  /** Size of the storage of a site; Infinity if it has no limit. */
  storageMiB(site: number): number;
  /** Room in the storage of a site, that of pulls under way taken; Infinity if it has no limit. */
  storageFreeMiB(site: number): number;
  /** Version that a worker has loaded; 1 without a repository. */
  versionOf(worker: number): number;
  /** Accuracy of the newest version of the lane's model, a fraction; NaN where nobody says. */
  accuracy(lane: number): number;
}

export interface PlaceCommands {
  /**
   * Loads one worker of a lane. At the start it is warm, and must fit; later it takes the profile's load time, and `free`,
   * `outOfMemory` or `died` says what came of it. A share, in percent, is fixed for the life of its process, and has to be one
   * that the profile knows (`Topology`): to change it, another worker is loaded and this one evicted.
   */
  load(lane: number, accelerator: number, sharePercent?: number): void;
  /** Says how many requests a batch of the lane is to hold at most; dispatch policies see it, and may keep to it. */
  batch(lane: number, n: number): void;
  /** Ends a worker: at once if it is idle or loading; if it is at work, after its batch, when `evicted` follows. */
  evict(worker: number): void;
  /**
   * Brings the newest version of a model from the repository into the storage of a site, where it needs room beside the
   * version that it replaces. At the start it is there at once; later `stored` or `pullFailed` follows. Workers go on with
   * the version that they have loaded.
   */
  pull(site: number, model: number): void;
  /** Takes a model out of the storage of a site. Workers that have loaded it go on; no further one can be loaded. */
  discard(site: number, model: number): void;
  /** Puts a retraining job on an accelerator of its site. At the start only. */
  assign(job: number, accelerator: number): void;
  /** Says that this placement is impossible, and what would make it possible. The alternative is refused with this reason. At the start only. */
  refuse(reason: string): void;
}

// ------------------------------------------------------------------------------------------------ defining a policy

interface Kinds {
  route: { view: RouteView; commands: RouteCommands };
  select: { view: SelectView; commands: SelectCommands };
  dispatch: { view: DispatchView; commands: DispatchCommands };
  retrain: { view: RetrainView; commands: RetrainCommands };
  place: { view: PlaceView; commands: PlaceCommands };
}
export type DecisionKind = keyof Kinds;
export type DecisionOf<K extends DecisionKind> = Decision<Kinds[K]['view'], Kinds[K]['commands']>;

/** An inference process that is always busy with batches of one size, with a share of the processors in percent. */
export type { SharedWorkload } from '../profile/shares.js';

/** What the profile of an accelerator says of processes with fixed shares of it. */
export interface Shares {
  /** Those that a process can be started with, ascending to 100. */
  readonly percent: readonly number[];
  /** Time of a batch alone. */
  aloneMs: (workload: SharedWorkload) => Ms;
  /** Time of a batch of each while all of them, and the retraining job if there is one, are busy; in the order given. */
  togetherMs: (workloads: readonly SharedWorkload[], trainingModel?: string) => Ms[];
}

/** What a policy knows beforehand: the profile of each accelerator in its scope, and which models will be asked for. */
export interface Topology {
  readonly accelerators: readonly {
    id: number;
    name: string;
    site: number;
    /** The models it can serve of those that its site is asked for, one entry per lane. */
    models: readonly string[];
    coRun(inferenceModels: readonly string[], trainingModel: string | undefined): CoRun;
    /** What a fixed share of this accelerator does; undefined where its profile does not say. */
    shares?: Shares;
  }[];
}

export interface PolicyContext {
  /** Draws that belong to this policy alone. */
  random: Stream;
  topology: Topology;
}

/**
 * A dispatch policy may say how many batches it runs at once on one accelerator at most: a number, or a function that is asked
 * for each accelerator when the retraining jobs have their places and the workers are to get theirs. And it may say what it found out.
 */
export interface Declared {
  concurrency?: number | ((accelerator: number, trainingModel: string | undefined) => number);
  /** Facts for the report, for example the K that an offline search found. */
  facts?: Record<string, number | string>;
}

export interface PolicyDefinition<K extends DecisionKind = DecisionKind, Options = any> {
  name: string;
  /** What it does, in one sentence. */
  about: string;
  /** The paper, or "reconstructed: …" with what the source leaves open. */
  source: string;
  decision: K;
  /** JSON schema of the options; `default` values are filled in. */
  options: object;
  /** The events it wants; if left out, all of them, but none for `place`. `start` and `timer` always come. */
  events?: readonly Event[];
  /**
   * Place only: it loads itself what died or was lost. Otherwise that is started again after a pause. Where there is a
   * repository, one that does not runs at its manager, and is not asked while the manager is lost.
   */
  restores?: boolean;
  /**
   * Retrain only: how long a decision takes, in ms from 0. In simulation its commands take effect so much later, one decision
   * after the other; for real it takes what it takes. Asked before each decision.
   */
  costMs?: (view: RetrainView) => Ms;
  /** Retrain only: it calls `deploy` itself. Otherwise weights are deployed after every `epochs_per_deploy` epochs. */
  deploys?: boolean;
  /** Dispatch only: a key by which a lane is served, smallest first, computed once when a request joins. Ties: arrival order. */
  order?: (request: { arrivedMs: Ms; deadlineMs: Ms; soloMs: Ms }) => number;
  create(options: Options, context: PolicyContext): DecisionOf<K> & Declared;
}

/** Types a policy; adds nothing at run time, so a plain object with the same fields works as well. */
export function definePolicy<K extends DecisionKind, Options = any>(policy: PolicyDefinition<K, Options>): PolicyDefinition<K, Options> {
  return policy;
}
