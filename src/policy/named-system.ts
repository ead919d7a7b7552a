import type { DecisionKind } from './contract.js';

/** Where a system, or a part of it, is carried out. `planner`: a pure function that is asked beforehand, in the exported interface. */
export type Runs = 'simulator' | 'executor' | 'planner';

/** A policy by its name, or with the options that differ from its defaults. */
export type Fill = string | ({ policy: string } & Record<string, unknown>);

/** A published system: which policies fill which decisions, and what of it is known. */
export interface NamedSystem {
  /** The name in `system: …` and in `corun systems`. */
  name: string;
  /** What it does, in one sentence. */
  about: string;
  /** The paper. */
  source: string;
  /** The decisions that it is about; the scenario or the defaults fill the others. Empty for a planner. */
  fills: Partial<Record<DecisionKind, Fill>>;
  /** What is taken from the paper or the released code, one part each. */
  published: readonly string[];
  /** What the sources leave open and was filled in here, one part each. */
  reconstructed: readonly string[];
  runs: readonly Runs[];
  /** Number sets of docs/papers.md that check it, by name. */
  checks: readonly string[];
}

/** Types a system; adds nothing at run time. */
export function defineSystem(system: NamedSystem): NamedSystem {
  return system;
}
