import { InputError } from '../../input/error.js';
import { loadScenario } from '../../scenario/load.js';
import { resolveAlternatives } from '../../scenario/resolve.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { partAt } from './part.js';
import { alternativeNamed, scenarioOf, type ShortForm } from './choose.js';

/** What a server serves, as plain data, so that an event log can say it: an alternative of a scenario file, or a short form. */
export type Served = ServedScenario | { short: ShortForm };

/** `site`: only what that site does. `phone`: what a client there does, with the other sites elsewhere; empty for a client without models. */
export interface ServedScenario {
  scenario: string;
  set: readonly string[];
  alternative?: string;
  site?: string;
  phone?: string;
}

/** @throws InputError if the file or the alternative is not there, or not right */
export async function alternativeServed(served: Served): Promise<ResolvedAlternative> {
  if ('short' in served) return scenarioOf(served.short);
  const alternative = alternativeNamed(await resolveAlternatives(await loadScenario(served.scenario, [...served.set])), served.alternative);
  return served.site === undefined ? alternative : partAt(alternative, served.site);
}

/** What the first line of an event log says was served. @throws InputError if it says nothing of the kind */
export function servedIn(about: unknown, file: string): Served {
  const told = about as { scenario?: unknown; set?: unknown; short?: unknown } | null;
  if (typeof told === 'object' && told !== null && (typeof told.short === 'object' || (typeof told.scenario === 'string' && Array.isArray(told.set)))) return told as Served;
  throw new InputError(`${file}:1: it does not say what was served; name the scenario: corun serve SCENARIO --replay-log ${file}`);
}
