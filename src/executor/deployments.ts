import type { Comparison } from './engines/engine.js';

/** A question whether to deploy, and its answer. Times in ms since the run began. */
export interface Deployment {
  job: number;
  model: string;
  atMs: number;
  better: boolean;
  /** Absent where the engine compares nothing. */
  comparison?: Comparison;
}

/** Weights in use of a model. */
export interface InUse {
  /** Counts from 1; 0 are those that were in use when the server began. */
  version: number;
  weights: Uint8Array;
}

const KEPT = 10;

/** Which weights serve, how they came to it, and how long it took. */
export class Deployments {
  /** The last answers, the newest first, as many as a page shows. */
  readonly history: Deployment[] = [];
  /** The last answer of each job. */
  readonly last = new Map<number, Deployment>();
  /** By job. */
  readonly deployed: number[];
  readonly declined: number[];
  /** Time that the last putting in place took in a worker, by model. */
  readonly swapMs = new Map<string, number>();
  private readonly inUse: Map<string, InUse>;

  /** @param begin weights that are newer than those that models are opened with, by model */
  constructor(jobs: number, begin: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.inUse = new Map([...begin].map(([model, weights]) => [model, { version: 0, weights }]));
    this.deployed = new Array<number>(jobs).fill(0);
    this.declined = new Array<number>(jobs).fill(0);
  }

  /** Undefined where a model has the weights that it is opened with. */
  of(model: string): InUse | undefined {
    return this.inUse.get(model);
  }

  /** @returns what is in use from now on, if that changed */
  add(deployment: Deployment, weights: Uint8Array | undefined): InUse | undefined {
    const { job, model, better } = deployment;
    this.last.set(job, deployment);
    this.history.unshift(deployment);
    this.history.length = Math.min(this.history.length, KEPT);
    (better ? this.deployed : this.declined)[job]++;
    if (weights === undefined) return undefined;
    const now = { version: (this.inUse.get(model)?.version ?? 0) + 1, weights };
    this.inUse.set(model, now);
    return now;
  }
}
