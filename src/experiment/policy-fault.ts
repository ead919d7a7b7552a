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
  if (!(error instanceof Error) || error instanceof BooksError || error instanceof Refused) return error;
  for (const [kind, { policy, module }] of Object.entries(policies)) {
    if (module === undefined) continue;
    const at = error.stack?.indexOf(`${module}:`) ?? -1;
    if (at < 0) continue;
    const line = /^\d+/.exec(error.stack!.slice(at + module.length + 1))?.[0];
    const place = `${fileURLToPath(module)}${line === undefined ? '' : `:${line}`}`;
    if (error instanceof InputError) return new InputError(`${place}: ${error.message}`);
    return new InputError(`${place}: the ${kind} policy ${policy} threw ${error.name}: ${error.message}`);
  }
  return error;
}
