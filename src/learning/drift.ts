import type { TObject } from '@sinclair/typebox';

/** How the world moves away from what a model saw. An assumption of the scenario, never a measurement. */
export interface Drift {
  /**
   * Share of what a model had learnt, above its floor, that still holds: 1 when its training data is of the present, else less.
   *
   * @param trainedUntilMs when the collection of its training data ended, ≤ `nowMs`
   */
  match(trainedUntilMs: number, nowMs: number): number;
  /** Moments of sudden change in ms, ascending, where there are such: against them a detector's delay is measured. */
  changesMs?: readonly number[];
}

export interface DriftKind<Options = any> {
  name: string;
  about: string;
  source: string;
  /** Schema of the options; times are hours since the run began. */
  options: TObject;
  create(options: Options): Drift;
}

/** Types a kind of drift; adds nothing at run time. */
export function defineDrift<Options>(kind: DriftKind<Options>): DriftKind<Options> {
  return kind;
}

export const HOUR_MS = 3_600_000;
