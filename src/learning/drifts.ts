import type { DriftKind } from './drift.js';
import gradual from './drift/gradual.js';
import none from './drift/none.js';
import recurring from './drift/recurring.js';
import sudden from './drift/sudden.js';

/** Every kind of drift, by the name that a scenario uses. One file, one line here, one test, one section in docs/learning.md. */
export const drifts = { none, gradual, sudden, recurring } satisfies Record<string, DriftKind>;
