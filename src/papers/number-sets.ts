import corun from './checks/corun.js';
import ekya from './checks/ekya.js';
import igniter from './checks/igniter.js';
import mdinference from './checks/mdinference.js';
import type { NumberSet } from './number-set.js';

/** Every set of published numbers that is run again, in the order of docs/papers.md. One file and one line here. */
export const numberSets = { corun, ekya, igniter, mdinference } satisfies Record<string, NumberSet>;
