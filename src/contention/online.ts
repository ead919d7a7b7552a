export interface OnlineOptions {
  /** Standard deviation of the logarithm of one observed duration around its prediction: the profile's spread. */
  sd: number;
  /** Correlation of an observation with the next one; those that repeat each other say less. 0 unless it says otherwise. */
  correlation?: number;
  /** Weight of the newest observation; 0.02, so that the last fifty count, unless it says otherwise. */
  weight?: number;
  /** Relative error of a prediction that does not matter yet; 0.1 unless it says otherwise. */
  tolerance?: number;
}

/** Standard errors beyond the tolerance at which a profile is called stale: without any tolerance a right one was, in one of 200 runs of 500 observations. */
const LIMIT = 4;

/**
 * Refines the prediction of one class of work while it runs, from exponentially weighted residuals, and tells when the profile has gone
 * stale: when the mean of log(observed / predicted) is surely beyond the tolerance.
 *
 *   m ← (1 − λ) m + λ r,   Var m = σ² (1 + ρ) / (1 − ρ) λ / (2 − λ) (1 − (1 − λ)²ⁿ)
 *
 * with m divided by 1 − (1 − λ)ⁿ, since it starts at 0. Source: the EWMA control chart, Roberts, Technometrics 1(3), 1959; the factor
 * for correlated observations is that of a first-order autoregression.
 */
export class OnlineResiduals {
  private readonly variance: number;
  private readonly weight: number;
  private readonly tolerance: number;
  private weighted = 0;
  /** (1 − λ)ⁿ. */
  private forgotten = 1;

  /** @throws RangeError if an option is out of its range */
  constructor({ sd, correlation = 0, weight = 0.02, tolerance = 0.1 }: OnlineOptions) {
    if (!(sd >= 0 && sd < Infinity)) throw new RangeError(`sd ${sd}: a finite number of at least 0 is needed`);
    if (!(correlation >= 0 && correlation < 1)) throw new RangeError(`correlation ${correlation}: at least 0 and below 1 is needed`);
    if (!(weight > 0 && weight <= 1)) throw new RangeError(`weight ${weight}: above 0 and at most 1 is needed`);
    if (!(tolerance >= 0)) throw new RangeError(`tolerance ${tolerance}: at least 0 is needed`);
    this.variance = (sd * sd * (1 + correlation)) / (1 - correlation);
    this.weight = weight;
    this.tolerance = tolerance;
  }

  /** @throws RangeError unless both are above 0 and finite */
  observe(observedMs: number, predictedMs: number): void {
    const residual = Math.log(observedMs / predictedMs);
    if (!Number.isFinite(residual)) throw new RangeError(`observed ${observedMs} ms, predicted ${predictedMs} ms: both must be above 0`);
    this.weighted += this.weight * (residual - this.weighted);
    this.forgotten *= 1 - this.weight;
  }

  /** What predictions are to be multiplied with; 1 before the first observation. */
  get factor(): number {
    return Math.exp(this.mean);
  }

  /** Standard error of the logarithm of the factor; Infinity before the first observation. */
  get standardError(): number {
    const seen = 1 - this.forgotten;
    if (seen === 0) return Infinity;
    return Math.sqrt((this.variance * this.weight * (1 - this.forgotten * this.forgotten)) / (2 - this.weight)) / seen;
  }

  /** Why the profile is no longer to be trusted, as a sentence; undefined while it may be right. */
  get stale(): string | undefined {
    const surely = Math.abs(this.mean) - LIMIT * this.standardError;
    if (!(surely > Math.log(1 + this.tolerance))) return undefined;
    const percent = Math.round(100 * Math.abs(this.factor - 1));
    return `takes ${percent} % ${this.mean > 0 ? 'longer' : 'less time'} than the profile says; corun calibrate makes a new one`;
  }

  private get mean(): number {
    const seen = 1 - this.forgotten;
    return seen === 0 ? 0 : this.weighted / seen;
  }
}
