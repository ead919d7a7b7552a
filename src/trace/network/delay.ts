import type { Static, TSchema } from '@sinclair/typebox';

/** A law of the one-way delay of a link. */
export interface DelayModel<Options extends TSchema = TSchema> {
  /** The field of a link that chooses it. */
  name: string;
  /** What it is, in one sentence. */
  about: string;
  /** The paper or the formula's origin. */
  source: string;
  /** What stands under the field. */
  options: Options;
  /** Whether it differs from one transfer to the next, so that a uniform number has to be drawn. */
  drawn: boolean;
  /** Quantile function: uniform u in [0, 1) to ms ≥ 0, non-decreasing. */
  quantile(options: Static<Options>): (u: number) => number;
}

/** Types a delay model; adds nothing at run time. */
export function defineDelay<Options extends TSchema>(model: DelayModel<Options>): DelayModel<Options> {
  return model;
}
