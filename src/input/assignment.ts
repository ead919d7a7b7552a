import { parse } from 'yaml';
import { InputError } from './error.js';

/**
 * Reads `name=value` as it is given to an option; the value is YAML.
 *
 * @param option as the user wrote it, for messages: `--set`
 * @param example of what would be right
 * @throws InputError
 */
export function assignment(option: string, text: string, example: string): { name: string; value: unknown } {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InputError(`${option} ${text}: ${example.split('=')[0].includes('.') ? 'path' : 'name'}=value is needed, for example ${option} ${example}`);
  try {
    return { name: text.slice(0, equals), value: parse(text.slice(equals + 1)) as unknown };
  } catch (error) {
    throw new InputError(`${option} ${text}: the value is not YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}
