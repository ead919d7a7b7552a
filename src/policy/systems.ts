import type { NamedSystem } from './named-system.js';
import corun from './systems/corun.js';
import dStack from './systems/d-stack.js';
import ekya from './systems/ekya.js';
import gslice from './systems/gslice.js';
import igniter from './systems/igniter.js';
import mdinference from './systems/mdinference.js';
import modi from './systems/modi.js';
import orion from './systems/orion.js';

/** Every published system, by the name in a scenario's `system: …`. One file, one line here, one test, one section in docs/systems.md. */
export const systems = { corun, ekya, igniter, gslice, orion, 'd-stack': dStack, mdinference, modi } satisfies Record<string, NamedSystem>;
