import type { NamedSystem } from './named-system.js';
import corun from './systems/corun.js';
import igniter from './systems/igniter.js';
import mdinference from './systems/mdinference.js';

/** Every published system, by the name in a scenario's `system: …`. One file, one line here, one test, one section in docs/systems.md. */
export const systems = { corun, igniter, mdinference } satisfies Record<string, NamedSystem>;
