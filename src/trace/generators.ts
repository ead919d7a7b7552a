import type { ArrivalGenerator } from './generator.js';
import corunAzure from './generators/corun-azure.js';
import corunProcessB from './generators/corun-process-b.js';
import even from './generators/even.js';
import gamma from './generators/gamma.js';
import poisson from './generators/poisson.js';

/** Every arrival process, by the name that a scenario uses. One file, one line here, one test, one section in docs/traces.md. */
export const generators = {
  poisson,
  gamma,
  even,
  'corun-azure': corunAzure,
  'corun-process-b': corunProcessB,
} satisfies Record<string, ArrivalGenerator>;
