import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Path of a new file with this content. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'corun-network-')), name);
  writeFileSync(path, content);
  return path;
}

/** What a reader says of a file, the folder taken out; or that it said nothing. */
export async function told(read: (path: string) => Promise<unknown>, path: string): Promise<string> {
  try {
    await read(path);
    return 'no error';
  } catch (error) {
    return (error as Error).message.replaceAll(/\/\S*corun-network-[^/]*\//g, '');
  }
}
