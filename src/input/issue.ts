import { InputError } from './error.js';
import { formatPath, startsWith, type Path } from './path.js';

/** One mistake in a document, and a sentence that mends it. */
export interface Issue {
  path: Path;
  /** Whether the field's name is wrong, or what it holds. */
  at: 'key' | 'value';
  sentence: string;
}

/** Where a mistake is, for people: `scenario.yaml:14:9`, or `--set`. */
export interface Place {
  label: string;
  /** 0 where the text is not known. */
  line: number;
  column: number;
}

export type Locate = (path: Path, at: 'key' | 'value') => Place;

/** How many mistakes are told at once; the rest is counted. */
const SHOWN = 10;

/** Places for a document of which parts came from elsewhere, for example from `--set`. Later layers lie on top. */
export function layered(below: Locate, layers: readonly { path: Path; place: Place }[]): Locate {
  return (path, at) => layers.findLast((layer) => startsWith(path, layer.path))?.place ?? below(path, at);
}

/** Mistakes of one document. */
export interface Issues {
  issues: readonly Issue[];
  locate: Locate;
}

/**
 * All mistakes in one message, sorted by position, one a line: `scenario.yaml:14:9: workload.0.slo_s: unknown field; did
 * you mean slo_ms?` The same line is told once.
 */
export function inputError(...groups: readonly Issues[]): InputError {
  const lines = groups
    .flatMap(({ issues, locate }) => issues.map((issue) => ({ issue, place: locate(issue.path, issue.at) })))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ issue, place }) => [place.label, formatPath(issue.path), issue.sentence].filter((part) => part !== '').join(': '));
  const distinct = [...new Set(lines)];
  const more = distinct.length - SHOWN;
  return new InputError([...distinct.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}
