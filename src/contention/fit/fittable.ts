import type { Readings } from './group.js';
import type { Situation } from './situation.js';

/** A measured group as a fit sees it. */
export interface FitPoint {
  situation: Situation;
  /** Natural logarithm of the group's median duration in ms. */
  logMs: number;
  /** Standard error of `logMs`; above 0. */
  se: number;
  /** What the device told meanwhile. */
  readings?: Readings;
}

/** A model with its parameters. */
export interface FittedModel {
  /** Shape parameters by name; the times alone are not among them. */
  parameters: Readonly<Record<string, number>>;
  /** Natural logarithm of the median duration in ms in a situation; undefined where the model cannot say, as for a class that it has not seen. */
  logMs(situation: Situation): number | undefined;
  /** Natural logarithm of the slowdown alone, for classes whose time alone is given elsewhere. */
  logSlowdown(situation: Situation): number | undefined;
  /** The same model after the medians of the points (in their order) came out differently: for bootstrap draws. */
  redrawn(logMs: ArrayLike<number>): FittedModel;
}

/** A contention model that can be fitted. One file under `families`, one line in `families.ts`, one test. */
export interface FittableModel {
  name: string;
  /** What it assumes, in one sentence. */
  about: string;
  /** The formula of the slowdown (duration over the duration alone). */
  formula: string;
  source: string;
  /** Fits to the points, or says what these data lack. @param from an earlier fit to nearly the same points, to begin with */
  fit(points: readonly FitPoint[], from?: FittedModel): FittedModel | { needs: string };
}

export const isFitted = (outcome: FittedModel | { needs: string }): outcome is FittedModel => !('needs' in outcome);
