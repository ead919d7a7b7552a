/** How a scenario names a fault: what is done to what. */
export const faultKinds = {
  'kill worker': { about: 'a worker process dies: one at work if there is any, drawn from those that fit', lasts: false, fields: ['site', 'accelerator', 'app'] },
  'hang worker': { about: 'a worker process stops working and goes on later, unless it is taken for hung and killed', lasts: true, fields: ['site', 'accelerator', 'app'] },
  'lose accelerator': { about: 'an accelerator vanishes with everything on it, and returns empty', lasts: true, fields: ['site', 'accelerator'] },
  'lose site': { about: 'a site cannot be reached and forgets what waited there; its accelerators are lost as well', lasts: true, fields: ['site'] },
  'lose manager': { about: 'the manager of the repository cannot be reached: nothing can be pulled, and pulls under way fail', lasts: true, fields: [] },
  'cut link': { about: 'nothing gets through between clients and a site; what is under way goes on later', lasts: true, fields: ['site', 'direction'] },
  'fail load': { about: 'every process that would have loaded its model dies instead', lasts: true, fields: ['site', 'accelerator', 'app'] },
} as const satisfies Record<string, { about: string; lasts: boolean; fields: readonly string[] }>;

export type FaultKind = keyof typeof faultKinds;

export const faultKindNames = Object.keys(faultKinds) as FaultKind[];

export type Direction = 'up' | 'down' | 'both';

/** What a fault hits, by name; what is left out may be any. */
export interface FaultTarget {
  site?: string;
  accelerator?: string;
  app?: string;
  direction?: Direction;
}

/** One line of `faults`, with times in ms. */
export interface Fault extends FaultTarget {
  kind: FaultKind;
  /** At a given time, or again and again: mean time from the end of one to the beginning of the next, exponentially distributed. */
  when: { atMs: number } | { meanEveryMs: number };
  /** How long it lasts: given, or the mean of an exponential distribution. Undefined: for ever, or not at all for what does not last. */
  lasts?: { forMs: number } | { meanForMs: number };
}

/** One moment at which a driver has to act. */
export interface FaultEvent {
  atMs: number;
  /** Position in the list of faults; the beginning and the end of one occurrence have the same one. */
  index: number;
  fault: Fault;
  begins: boolean;
  /** Uniform draw in [0, 1) for whatever is left to chance, such as which worker. */
  draw: number;
}
