import { fileURLToPath } from 'node:url';
import { BooksError } from '../control/books.js';
import { InputError } from '../input/error.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import { Refused } from '../simulator/simulator.js';

/**
 * What to tell of an error in a run: if a researcher's own policy threw it, or gave the command that did, it is the
 * user's to mend, with the line of that file; else the error itself.
 */
export function policyFault(error: unknown, { policies }: ResolvedAlternative): unknown {
  const own = Object.entries(policies).find(([, { module }]) => module !== undefined);
  if (!(error instanceof Error)) return own ? new InputError(`the ${own[0]} policy ${own[1].policy} threw ${String(error)}`) : error;
  if (error instanceof BooksError || error instanceof Refused) return error;
  for (const [kind, { policy, module }] of Object.entries(policies)) {
    if (module === undefined) continue;
    const file = fileURLToPath(module);
    const line = lineOf(error.stack ?? '', module) ?? lineOf(error.stack ?? '', file);
    if (line === undefined) continue;
    const place = `${file}:${line}`;
    if (error instanceof InputError) return new InputError(`${place}: ${error.message}`);
    return new InputError(`${place}: the ${kind} policy ${policy} threw ${error.name}: ${error.message}`);
  }
  return error;
}

/** The line of a file in the innermost call of a stack that is in it; undefined if none is. */
function lineOf(stack: string, file: string): string | undefined {
  const at = stack.indexOf(`${file}:`);
  return at < 0 ? undefined : /^\d+/.exec(stack.slice(at + file.length + 1))?.[0];
}
