import { Type, type TSchema, type Static } from '@sinclair/typebox';

/** One kind of work that an accelerator can be doing. Everything of one class runs at one rate. */
export interface ActivityClass {
  kind: 'inference' | 'training' | 'loading';
  model: string;
  /** Of a process, inference or training, that may use no more than this part of the processors; undefined: as the profile has it. */
  sharePercent?: number;
}

/** How a file names a class. */
export const classKey = ({ kind, model }: ActivityClass): string => `${kind}:${model}`;

/** Schema of a map whose keys name classes. */
export const classMap = <Value extends TSchema>(value: Value, description?: string) =>
  Type.Record(Type.String({ pattern: '^(inference|training|loading):.+$' }), value, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

/** A contention model with its parameters, bound to the classes that occur on one accelerator. */
export interface Contention {
  /**
   * Slowdown (co-run duration over solo duration) of every class that is present.
   *
   * @param counts how many of each class are active, in the order of the classes given to `bind`
   * @param slowdown filled for each class with a positive count; the others are left alone
   * @returns undefined inside the measured domain, else what lies outside, as a sentence; the values are then extrapolated
   */
  slowdowns(counts: Int32Array, slowdown: Float64Array): string | undefined;
}

export interface ContentionModel<Parameters extends TSchema = TSchema> {
  name: string;
  /** What it assumes, in one sentence. */
  about: string;
  /** The paper or the formula's origin. */
  source: string;
  /** Schema of the parameters that a profile stores under `contention`. */
  parameters: Parameters;
  bind(parameters: Static<Parameters>, classes: readonly ActivityClass[]): Contention;
}

/** Types a contention model; adds nothing at run time. */
export function defineContention<Parameters extends TSchema>(model: ContentionModel<Parameters>): ContentionModel<Parameters> {
  return model;
}
