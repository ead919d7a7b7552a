import { standardErrorOf } from '../learning/accuracy.js';

/** What is known of one retraining job's model: labels that have come, never the true accuracy. */
export class Lessons {
  readonly epochsPerDeploy: number;
  /** Weights that were deployed so far; labels of older ones do not count. */
  version = 0;
  /** Labels of the weights in use. */
  labels = 0;
  lastRight = false;
  epochsSinceDeploy = 0;
  private readonly window: Uint8Array;
  private right = 0;

  constructor(epochsPerDeploy: number, labelWindow: number) {
    this.epochsPerDeploy = epochsPerDeploy;
    this.window = new Uint8Array(labelWindow);
  }

  /** @returns whether the label is of the weights in use */
  add(right: boolean, version: number): boolean {
    if (version !== this.version) return false;
    const slot = this.labels++ % this.window.length;
    this.right += (right ? 1 : 0) - this.window[slot];
    this.window[slot] = right ? 1 : 0;
    this.lastRight = right;
    return true;
  }

  /** Of the last labels, as many as the window holds. */
  get estimate(): number {
    return this.right / this.seen;
  }

  get standardError(): number {
    return standardErrorOf(this.estimate, this.seen);
  }

  deployed(): void {
    this.version++;
    this.labels = this.right = 0;
    this.window.fill(0);
  }

  private get seen(): number {
    return Math.min(this.labels, this.window.length);
  }
}
