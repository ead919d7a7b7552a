import type { ArrivalGenerator } from './generator.js';
import corunAzure from './generators/corun-azure.js';
import corunProcessB from './generators/corun-process-b.js';
import dayShape from './generators/day-shape.js';
import drain from './generators/drain.js';
import even from './generators/even.js';
import fitted from './generators/fitted.js';
import fittedMmpp from './generators/fitted-mmpp.js';
import gamma from './generators/gamma.js';
import mmpp from './generators/mmpp.js';
import poisson from './generators/poisson.js';
import spike from './generators/spike.js';

/** Every arrival process, by the name that a scenario uses. One file, one line here, one test, one section in docs/traces.md. */
export const generators = {
  poisson,
  gamma,
  even,
  mmpp,
  'day-shape': dayShape,
  spike,
  drain,
  fitted,
  'fitted-mmpp': fittedMmpp,
  'corun-azure': corunAzure,
  'corun-process-b': corunProcessB,
} satisfies Record<string, ArrivalGenerator>;
