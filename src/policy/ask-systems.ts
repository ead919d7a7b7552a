import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import type { NamedSystem } from './named-system.js';
import { systems } from './systems.js';

/**
 * The systems, or one of them.
 *
 * @throws InputError if there is none of this name
 */
export function systemsAsked(name?: string): readonly NamedSystem[] {
  const known: Record<string, NamedSystem> = systems;
  if (name === undefined) return Object.values(known);
  if (Object.hasOwn(known, name)) return [known[name]];
  throw new InputError(`unknown system "${name}"${didYouMean(name, Object.keys(known))} (known: ${Object.keys(known).join(', ')})`);
}
