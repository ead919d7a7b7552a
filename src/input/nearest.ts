import { distance } from 'fastest-levenshtein';

/** The name without its unit: `slo_ms` and `slo_seconds` are both `slo`. */
const stem = (name: string): string => name.replace(/_[a-z0-9]+$/i, '');

/** Whether two neighbouring letters are swapped, and nothing else. */
function isSwap(a: string, b: string): boolean {
  const i = [...a].findIndex((letter, at) => letter !== b[at]);
  return a.length === b.length && i >= 0 && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** Number of edits; two letters swapped, a wrong unit, or a unit left out, counts as one. */
function edits(word: string, candidate: string): number {
  const d = isSwap(word, candidate) ? 1 : distance(word.toLowerCase(), candidate.toLowerCase());
  const onlyTheUnit = candidate.startsWith(`${word}_`) || (word.includes('_') && stem(word) === stem(candidate));
  return onlyTheUnit ? Math.min(d, 1) : d;
}

/**
 * The candidates that are most likely meant by a misspelt word: those with the fewest edits, all of them when several
 * are equally near, none when even the nearest is another word altogether.
 */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  let best: string[] = [];
  let fewest = Infinity;
  for (const candidate of candidates) {
    const d = edits(word, candidate);
    const longer = Math.max(word.length, candidate.length);
    if (d > 1 && (d > Math.max(2, Math.ceil(longer * 0.4)) || d >= longer)) continue;
    if (d < fewest) {
      best = [];
      fewest = d;
    }
    if (d === fewest && !best.includes(candidate)) best.push(candidate);
  }
  return best;
}

/** `; did you mean slo_ms?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant.length > 0 ? `; did you mean ${meant.join(' or ')}?` : '';
}
