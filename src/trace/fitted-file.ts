import { readDocument } from '../input/document.js';
import { validate } from '../input/validate.js';
import fitted from './generators/fitted.js';
import fittedMmpp from './generators/fitted-mmpp.js';

/** Processes whose windows may stand in a file of their own. */
const processes = { fitted, 'fitted-mmpp': fittedMmpp };
export type FittedProcess = keyof typeof processes;

export function isFitted(process: string): process is FittedProcess {
  return Object.hasOwn(processes, process);
}

/**
 * Reads what `corun trace fit` wrote.
 *
 * @param process the one for which the windows are wanted
 * @param path where the file lies
 * @param shown the path as the user gave it; messages use it
 * @returns its windows, as the process takes them, or the sentence that says why they are none
 * @throws {InputError} if it is no document at all
 */
export async function fittedWindows(process: FittedProcess, path: string, shown: string): Promise<{ windows: unknown; wrong?: undefined } | { wrong: string }> {
  const { value } = await readDocument(path, 'fitted process');
  const found = (value ?? {}) as { process?: unknown; windows?: unknown };
  const wrong = (why: string) => ({ wrong: `${shown} is not what corun trace fit writes for the process ${process}: ${why}` });
  if (found.process === 'mmpp') return wrong('it holds an mmpp; copy its states into arrivals: { process: mmpp, states: … }');
  if (typeof found.process === 'string' && found.process !== process && isFitted(found.process)) return wrong(`it holds one for the process ${found.process}`);
  if (found.windows === undefined) return wrong('it has no windows');
  const { value: options, issues } = validate(processes[process].options, { windows: found.windows });
  if (issues.length > 0) return wrong(`${issues[0].path.join('.')}: ${issues[0].sentence}`);
  return { windows: (options as { windows: unknown }).windows };
}
