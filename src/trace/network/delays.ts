import type { DelayModel } from './delay.js';
import fixed from './delays/fixed.js';
import normal from './delays/normal.js';
import survival from './delays/survival.js';

/** Every law of delay, by the field of a link that chooses it. One file, one line here, one test, one section in docs/networks.md. */
export const delays = { fixed_ms: fixed, normal, survival } satisfies Record<string, DelayModel>;
