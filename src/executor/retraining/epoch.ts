/** What an epoch did. Loss and accuracy are over its images, each before its step. */
export interface EpochReport {
  epoch: number;
  steps: number;
  images: number;
  loss: number;
  accuracy: number;
  /** Sums over its steps. Those of an epoch that was begun by another process include that one's. */
  loaderMs: number;
  waitedMs: number;
  stepMs: number;
}

/** What a step adds to its epoch. */
interface Step {
  images: number;
  /** Mean over the batch. */
  loss: number;
  correct: number;
  loaderMs: number;
  waitedMs: number;
  stepMs: number;
}

/** Sums over the steps of an epoch that are done. */
export interface Totals extends Omit<Step, 'loss'> {
  steps: number;
  /** Sum over images. */
  loss: number;
}

export class EpochTotals {
  readonly values: Totals;

  constructor(values: Totals = { steps: 0, images: 0, loss: 0, correct: 0, loaderMs: 0, waitedMs: 0, stepMs: 0 }) {
    this.values = { ...values };
  }

  add({ images, loss, correct, loaderMs, waitedMs, stepMs }: Step): void {
    const { values } = this;
    values.steps++;
    values.images += images;
    values.loss += images * loss;
    values.correct += correct;
    values.loaderMs += loaderMs;
    values.waitedMs += waitedMs;
    values.stepMs += stepMs;
  }

  report(epoch: number): EpochReport {
    const { steps, images, loss, correct, loaderMs, waitedMs, stepMs } = this.values;
    return { epoch, steps, images, loss: loss / images, accuracy: correct / images, loaderMs, waitedMs, stepMs };
  }
}
