import type { NamedSystem } from './named-system.js';
import corun from './systems/corun.js';

/** Every published system, by the name in a scenario's `system: …`. One file, one line here, one test, one section in docs/systems.md. */
export const systems = { corun } satisfies Record<string, NamedSystem>;
