import { readDocument } from '../input/document.js';
import { validate } from '../input/validate.js';
import generator, { type FittedWindows } from './generators/fitted.js';

/**
 * Reads what `corun trace fit --model gamma` wrote.
 *
 * @param path where it lies
 * @param shown the path as the user gave it; messages use it
 * @returns its windows, or the sentence that says why they are none
 * @throws {InputError} if it is no document at all
 */
export async function fittedWindows(path: string, shown: string): Promise<{ windows: FittedWindows; wrong?: undefined } | { wrong: string }> {
  const { value } = await readDocument(path, 'fitted process');
  const { process, windows } = (value ?? {}) as { process?: unknown; windows?: unknown };
  const wrong = (why: string) => ({ wrong: `${shown} is not what corun trace fit --model gamma writes: ${why}` });
  if (process === 'mmpp') return wrong('it holds an mmpp; copy its states into arrivals: { process: mmpp, states: … }');
  if (windows === undefined) return wrong('it has no windows');
  const checked = validate(generator.options, { windows });
  if (checked.issues.length > 0) return wrong(`${checked.issues[0].path.join('.')}: ${checked.issues[0].sentence}`);
  return { windows: (checked.value as { windows: FittedWindows }).windows };
}
