/** One published number beside ours. */
export interface NumberRow {
  /** What is counted or measured, with its setting. */
  what: string;
  /** A number, or a text where a whole plan is compared. */
  published: number | string;
  /** Undefined where ours cannot be had. */
  ours: number | string | undefined;
  unit?: string;
  /** Allowed distance, in the unit; or as a share of the published value. Texts are compared whole. Without either, the row is shown and never asserted. */
  within?: number | { share: number };
  /** Why ours is known to lie outside, or, of a row that is never asserted, why it is not. */
  because?: string;
}

/** Published numbers of one source that are run again. */
export interface NumberSet {
  /** The name in docs/papers.md and in a system's `checks`. */
  name: string;
  /** What is run again, in one sentence. */
  about: string;
  /** The paper, or its released code. */
  source: string;
  /** Runs in well under a second, so that every run of the tests repeats it. */
  fast: boolean;
  run(): NumberRow[] | Promise<NumberRow[]>;
}

/** Types a set of numbers; adds nothing at run time. */
export function defineNumbers(set: NumberSet): NumberSet {
  return set;
}

/** `met`: within the tolerance. `differs`: outside, with the reason if one is known. `shown`: never asserted. */
export type Verdict = 'met' | 'differs' | 'shown';

/** Sums of decimal fractions are not exact in binary, so a tolerance is met if it is missed by no more than this. */
const ROUNDING = 1e-9;

export function verdictOf({ published, ours, within }: NumberRow): Verdict {
  if (typeof published === 'string' || typeof ours === 'string') return within === undefined ? 'shown' : published === ours ? 'met' : 'differs';
  if (within === undefined || ours === undefined) return 'shown';
  const allowed = typeof within === 'number' ? within : within.share * Math.abs(published);
  return Math.abs(ours - published) <= allowed + ROUNDING ? 'met' : 'differs';
}
