import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument, type Node, type Pair } from 'yaml';
import { InputError } from './error.js';
import type { Locate } from './issue.js';
import type { Path } from './path.js';

/** A YAML or JSON document as plain data, and where each part of it stands in the text. */
export interface Document {
  /** The file as the user named it. */
  file: string;
  value: unknown;
  locate: Locate;
}

function followed(node: unknown, document: YamlDocument): Node | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  return (target ?? undefined) as Node | undefined;
}

/** Offset of the key or the value that the path leads to; of the last node on the way if it leads nowhere. */
function offsetOf(document: YamlDocument, path: Path, at: 'key' | 'value'): number {
  let node = followed(document.contents, document);
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, segment] of path.entries()) {
    let next: unknown;
    let key: Node | undefined;
    if (isMap(node)) {
      const pair = node.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === String(segment));
      next = pair?.value;
      key = pair?.key as Node | undefined;
    } else if (isSeq(node)) next = node.items[Number(segment)];
    const written = next as Node | null | undefined;
    if (written?.range == null && key === undefined) return offset;
    const last = depth === path.length - 1;
    offset = (last && at === 'key' ? (key ?? written) : (written ?? key))?.range?.[0] ?? offset;
    node = followed(next, document);
  }
  return offset;
}

/** Parses a text of which `file` is the name. @throws InputError with line and column if it is neither YAML nor JSON */
export function parseText(text: string, file: string): Document {
  const json = file.endsWith('.json');
  let value: unknown;
  let fault: unknown;
  if (json) {
    try {
      value = JSON.parse(text);
    } catch (error) {
      fault = error;
    }
  }
  const lines = new LineCounter();
  let parsed: YamlDocument | undefined;
  const document = (): YamlDocument => (parsed ??= parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false }));
  const label = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (!json || fault !== undefined) {
    const [first] = document().errors;
    if (first !== undefined) {
      const said = first.code === 'DUPLICATE_KEY' ? 'this field is there a second time' : first.message.replace(/\s+/g, ' ');
      throw new InputError(`${label(first.pos[0])}: not valid ${json ? 'JSON' : 'YAML'}: ${said}`);
    }
    if (fault !== undefined) throw new InputError(`${file}: not valid JSON: ${(fault as Error).message.replace(/\s+/g, ' ')}`);
    value = document().toJS();
  }
  return {
    file,
    value,
    locate(path, at) {
      const offset = offsetOf(document(), path, at);
      const { line, col } = lines.linePos(offset);
      return { label: label(offset), line, column: col };
    },
  };
}

/**
 * Reads a YAML or JSON file.
 *
 * @param file path as the user gave it; messages repeat it
 * @param what what it should be, for example `scenario`
 * @throws InputError if it cannot be read, saying which path was tried
 */
export async function readDocument(file: string, what: string): Promise<Document> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file}: the ${what} cannot be read: ${readingFault(error, file)}`);
  }
  return parseText(text, file);
}

/** Why a file could not be read, in words, with the path that was tried. */
export function readingFault(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const tried = resolve(file);
  if (code === 'ENOENT') return `there is no file ${tried}`;
  if (code === 'EISDIR') return `${tried} is a directory; name a file in it`;
  if (code === 'EACCES') return `no permission to read ${tried}`;
  return message;
}
