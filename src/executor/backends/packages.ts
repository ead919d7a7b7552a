import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BackendUnavailable } from './contract.js';


/** Where optional packages may lie: beside Corun, or in the project that the user works in. */
const places = (): string[] => [import.meta.url, join(process.cwd(), 'corun.js')];

/** Where a package lies that the user may have installed; undefined if none has. */
export function locate(name: string, from: readonly string[] = places()): string | undefined {
  for (const place of from) {
    try {
      return createRequire(place).resolve(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

/**
 * Loads an optional package.
 *
 * @throws BackendUnavailable if it is not installed, or does not load
 */
export function loadOptional(backend: string, name: string, install: string): unknown {
  const path = locate(name);
  if (path === undefined) throw new BackendUnavailable(backend, { reason: `the package ${name} is not installed`, mend: install });
  try {
    return createRequire(import.meta.url)(path) as unknown;
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new BackendUnavailable(backend, { reason: `${name} does not load: ${message}`, mend: install });
  }
}
