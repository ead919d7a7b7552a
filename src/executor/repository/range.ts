/** Bytes of a file, both ends included. */
export interface Bytes {
  first: number;
  last: number;
}

/**
 * Reads the header `Range` of RFC 9110 for a file, one range of bytes.
 *
 * @returns undefined where the whole file is the answer, also for forms that are not understood, as the RFC wants it;
 *   'unsatisfiable' where the file has no such bytes
 */
export function rangeOf(header: string | undefined, size: number): Bytes | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, from, to] = match;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last };
}
