/** Where in a document: keys and, in lists, positions from 0. */
export type Path = readonly (string | number)[];

/** `workload.0.slo_ms`; a key that contains a dot is quoted. */
export function formatPath(path: Path): string {
  return path.map((segment) => (/^[^.\s"]+$/.test(String(segment)) ? String(segment) : JSON.stringify(segment))).join('.');
}

/** Reads what `formatPath` writes; a segment of digits is a position in a list. */
export function parsePath(text: string): (string | number)[] {
  const segments = text.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? [];
  return segments.map((segment) => {
    if (segment.startsWith('"') && segment.endsWith('"') && segment.length > 1) return JSON.parse(segment) as string;
    return /^\d+$/.test(segment) ? Number(segment) : segment;
  });
}

/** What the document holds there; undefined if there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string | number, unknown>)[segment];
  }
  return at;
}

/** Whether `path` is `prefix` or lies inside it. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((segment, i) => String(segment) === String(path[i]));
}
