import { InputError } from '../input/error.js';

/** What yargs knows of a command's options: each list has names and aliases alike. */
export interface KnownOptions {
  alias: Record<string, string[]>;
  array: string[];
  boolean: string[];
  number: string[];
  key: Record<string, unknown>;
}

/**
 * Refuses what no command can mean: an option of one value that is given twice, one without its value, and a number that is none.
 * yargs gives a list, an empty text or the default, and NaN for these.
 *
 * @param words the command line behind the program's name @throws InputError
 */
export function refuseUnusable(parsed: Record<string, unknown>, { alias, array, boolean, number, key }: KnownOptions, words: readonly string[]): void {
  for (const name of Object.keys(key)) {
    const names = [...new Set([name, ...(alias[name] ?? [])].flatMap((one) => [one, one.replace(/-./g, (dash) => dash[1].toUpperCase())]))];
    const isOne = (list: readonly string[]): boolean => names.some((one) => list.includes(one));
    const given = valuesOf(names, words);
    if (given.length === 0 || isOne(boolean)) continue;
    const isArray = isOne(array);
    if (!isArray && given.length > 1) throw new InputError(`--${name} was given more than once (${given.map(([word]) => shown(word)).join(', ')}); give it once`);
    const needed = isOne(number) ? 'a number' : 'a value';
    if (given.some(([word]) => word === undefined || word === '')) throw new InputError(`--${name} needs ${needed}, and has none`);
    if (!isOne(number)) continue;
    const value = parsed[name];
    if (![value].flat().some(Number.isNaN)) continue;
    const wrong = given.flatMap((typed) => (isArray ? typed : typed.slice(0, 1))).find((word) => Number.isNaN(Number(word)));
    throw new InputError(`--${name} ${wrong}: a number is needed`);
  }
}

const shown = (word: string | undefined): string => (word === undefined || word === '' ? 'nothing' : word);

/** For each time that an option is given, under any of its names, the words that belong to it: those up to the next option. */
function valuesOf(names: readonly string[], words: readonly string[]): (string | undefined)[][] {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  return options.flatMap((word, at) => {
    const name = names.find((one) => word === dashed(one) || word.startsWith(`${dashed(one)}=`));
    if (name === undefined) return [];
    if (word !== dashed(name)) return [[word.slice(dashed(name).length + 1)]];
    const rest = options.slice(at + 1);
    const next = rest.findIndex((other) => /^-(?![\d.])./.test(other));
    const own = next < 0 ? rest : rest.slice(0, next);
    return [own.length === 0 ? [undefined] : own];
  });
}

const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
