import { driftedAccuracy, trainedAccuracy } from '../learning/accuracy.js';
import type { Drift, DriftKind } from '../learning/drift.js';
import { drifts } from '../learning/drifts.js';
import type { LearningSpec } from '../control/system.js';
import type { Learnt, Truth } from '../measurement/witness.js';
import { NONE } from '../policy/contract.js';
import { stream, type Seed } from '../random/stream.js';
import { Due } from '../control/due.js';

/** How one model does in a drifting world: what nobody in the system can see. */
class Model {
  readonly spec: LearningSpec;
  readonly drift: Drift;
  /** Of the weights in use: accuracy on the data they were trained on, and when its collection ended. */
  fresh: number;
  trainedUntilMs = 0;
  version = 0;
  /** Of the round of training under way: when it began, which is when its data ends; and the job's epochs then. */
  roundMs = NONE;
  roundEpochs = 0;
  /** Of that round, as a position in the job's configurations. */
  roundConfiguration = 0;
  /** Sudden changes that happened and that nobody noticed nor retrained away, as a position in the drift's list. */
  nextChange = 0;
  delaySumMs = 0;
  detections = 0;
  falseAlarms = 0;
  deploys = 0;
  declined = 0;
  private deployAttempts = 0;

  constructor(spec: LearningSpec) {
    this.spec = spec;
    const kind: DriftKind = drifts[spec.drift.kind];
    this.drift = kind.create(spec.drift);
    this.fresh = spec.initialAccuracy;
  }

  accuracy(nowMs: number): number {
    return driftedAccuracy(this.fresh, this.spec.floor, this.drift.match(this.trainedUntilMs, nowMs));
  }

  /** Tries to put the weights of the round under way in the place of those in use. @returns whether they were better on held-out images of now */
  deploy(epochs: number, nowMs: number, seed: Seed, replication: number): boolean {
    const { floor, validationImages, job } = this.spec;
    const { ceiling, halfGapEpochs } = this.roundConfiguration === 0 ? this.spec : this.spec.configurations![this.roundConfiguration - 1];
    const fresh = trainedAccuracy(this.accuracy(this.roundMs), ceiling, epochs - this.roundEpochs, halfGapEpochs);
    const candidate = driftedAccuracy(fresh, floor, this.drift.match(this.roundMs, nowMs));
    const present = this.accuracy(nowMs);
    const draw = stream(seed, replication, 'validation', job, this.deployAttempts++);
    let gained = 0;
    for (let i = 0; i < validationImages; i++) {
      const u = draw();
      gained += (u < candidate ? 1 : 0) - (u < present ? 1 : 0);
    }
    const better = gained > 0;
    if (better) {
      this.fresh = fresh;
      this.trainedUntilMs = this.roundMs;
      this.version++;
      this.deploys++;
      const changes = this.drift.changesMs ?? [];
      while (changes[this.nextChange] <= this.roundMs) this.nextChange++;
    } else this.declined++;
    return better;
  }

  /** Somebody says that the world has changed. */
  noticed(nowMs: number): void {
    const { changesMs = [] } = this.drift;
    if (!(changesMs[this.nextChange] <= nowMs)) {
      this.falseAlarms++;
      return;
    }
    this.delaySumMs += nowMs - changesMs[this.nextChange];
    this.detections++;
    while (changesMs[this.nextChange] <= nowMs) this.nextChange++;
  }
}

/** The world in which the models answer: how right they are, and the labels that say so later. */
export class World implements Truth {
  private readonly models: readonly Model[];
  /** Model by app and by job. */
  private readonly ofApp: (Model | undefined)[];
  private readonly ofJob: (Model | undefined)[];
  private readonly seed: Seed;
  private readonly replication: number;
  /** Labels on their way: version × 2 + right, by job. */
  private readonly labels = new Due();
  private readonly deploys: number[] = [];

  constructor(specs: readonly LearningSpec[], apps: number, jobs: number, seed: Seed, replication: number) {
    this.models = specs.map((spec) => new Model(spec));
    this.ofApp = Array.from({ length: apps }, (_, app) => this.models.find(({ spec }) => spec.apps.includes(app)));
    this.ofJob = Array.from({ length: jobs }, (_, job) => this.models.find(({ spec }) => spec.job === job));
    this.seed = seed;
    this.replication = replication;
  }

  /** Whether the app's answers have an accuracy. */
  has(app: number): boolean {
    return this.ofApp[app] !== undefined;
  }

  /** Chance that an answer of this app is right at this moment. */
  accuracyOf(app: number, nowMs: number): number {
    return this.ofApp[app]!.accuracy(nowMs);
  }

  /** When something comes of what is on its way. */
  get nextMs(): number {
    return this.deploys.length > 0 ? -Infinity : this.labels.firstMs;
  }

  /** A request was answered: with the chance that its scenario gives, a label will say whether rightly. Both draws are the request's own. */
  answered(app: number, uLabelled: number, uRight: number, nowMs: number): void {
    const model = this.ofApp[app];
    if (model === undefined || model.spec.job === NONE || uLabelled >= model.spec.labelShare) return;
    const right = uRight < model.accuracy(nowMs) ? 1 : 0;
    this.labels.add(nowMs + model.spec.labelDelayMs, (model.version * this.ofJob.length + model.spec.job) * 2 + right);
  }

  /** Hands over what is due. */
  play(nowMs: number, epochsOf: (job: number) => number, tell: { labelled(job: number, right: boolean, version: number): void; deployed(job: number, better: boolean): void }): void {
    const job = this.deploys.shift();
    if (job === undefined) {
      const label = this.labels.shift();
      const of = (label - (label % 2)) / 2;
      tell.labelled(of % this.ofJob.length, label % 2 === 1, Math.floor(of / this.ofJob.length));
      return;
    }
    const model = this.ofJob[job]!;
    if (model.roundMs === NONE) return;
    const better = model.deploy(epochsOf(job), nowMs, this.seed, this.replication);
    // What goes on from here learns from what has come in until now.
    model.roundMs = nowMs;
    model.roundEpochs = epochsOf(job);
    tell.deployed(job, better);
  }

  /** A job is at work: a round begins, unless it goes on with one of the same configuration. */
  trains(job: number, epochs: number, nowMs: number, configuration = 0): void {
    const model = this.ofJob[job];
    if (model === undefined || (model.roundMs !== NONE && model.roundConfiguration === configuration)) return;
    model.roundConfiguration = configuration;
    model.roundMs = nowMs;
    model.roundEpochs = epochs;
  }

  /** The round is over, and what was not deployed is thrown away. */
  discard(job: number): void {
    const model = this.ofJob[job];
    if (model !== undefined) model.roundMs = NONE;
  }

  deploy(job: number): void {
    if (this.ofJob[job] !== undefined) this.deploys.push(job);
  }

  noticed(job: number, nowMs: number): void {
    this.ofJob[job]?.noticed(nowMs);
  }

  /** In all, over the whole run. */
  learnt(): Learnt {
    const sum = (of: (model: Model) => number) => this.models.reduce((total, model) => total + of(model), 0);
    const learnt: Learnt = { deploys: sum((m) => m.deploys), declined: sum((m) => m.declined) };
    if (this.models.some(({ drift }) => drift.changesMs === undefined)) return learnt;
    return { ...learnt, falseAlarms: sum((m) => m.falseAlarms), detections: sum((m) => m.detections), detectionDelaySumMs: sum((m) => m.delaySumMs) };
  }
}
