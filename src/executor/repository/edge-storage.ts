import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { createReadStream, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input/error.js';
import { writeDurably } from '../retraining/durable.js';
import { readManifest, writtenManifest, type Manifest, type Version } from './manifest.js';

const MANIFEST = 'repository.json';
const WHOLE = /^(\d+)-([0-9a-f]{64})\.bin$/;
const PARTIAL = '.partial';

/** SHA-256 of a file, in hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/**
 * The storage of an edge on disk: `MODEL/VERSION-SHA256.bin` for what is whole, `….partial` for what is not, which nobody loads, and
 * `repository.json`, the manifest as it was known last.
 */
export class EdgeStorage {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws InputError if the folder cannot be made */
  static async open(folder: string): Promise<EdgeStorage> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new InputError(`--storage ${folder}: this folder cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
    }
    return new EdgeStorage(folder);
  }

  /** The manifest as it was known last; undefined where none ever was. @throws InputError if it is damaged */
  async manifest(): Promise<Manifest | undefined> {
    try {
      return readManifest(await readFile(join(this.folder, MANIFEST), 'utf8'), join(this.folder, MANIFEST));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  keepManifest(manifest: Manifest): Promise<void> {
    return writeDurably(join(this.folder, MANIFEST), Buffer.from(writtenManifest(manifest)));
  }

  /** Where a version lies once it is whole. */
  file(model: string, version: number, { sha256 }: Version): string {
    return join(this.folderOf(model), `${version}-${sha256}.bin`);
  }

  /** Where it lies while it is pulled. */
  partial(model: string, version: number, entry: Version): string {
    return this.file(model, version, entry) + PARTIAL;
  }

  /** Makes the folder of a model, and removes what is left of pulls of other versions than this. */
  async prepare(model: string, version: number, entry: Version): Promise<void> {
    const own = this.partial(model, version, entry);
    await mkdir(this.folderOf(model), { recursive: true });
    for (const name of await readdir(this.folderOf(model))) if (name.endsWith(PARTIAL) && join(this.folderOf(model), name) !== own) await this.remove(join(this.folderOf(model), name));
  }

  /** Opens a version, so that whoever is to load it can, though it be discarded meanwhile. @returns its descriptor @throws if it is not there */
  descriptor(model: string, version: number, entry: Version): number {
    return openSync(this.file(model, version, entry), 'r');
  }

  remove(file: string): Promise<void> {
    return rm(file, { force: true });
  }

  /**
   * The newest whole version of each model, by the model's name. Files are believed if their content is what the manifest says; all
   * others are removed, as are those of other models, whole or not.
   */
  async kept({ models }: Manifest, names: readonly string[], onRemoved: (file: string) => void): Promise<Map<string, number>> {
    const kept = new Map<string, number>();
    /** What the manifest says of the version that a file's name says. */
    const entryOf = (model: string, match: RegExpExecArray | null): Version | undefined => {
      const entry = match !== null && names.includes(model) && Object.hasOwn(models, model) ? models[model][Number(match[1]) - 1] : undefined;
      return entry?.sha256 === match?.[2] ? entry : undefined;
    };
    for (const folder of await readdir(this.folder, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      const model = decoded(folder.name);
      const all = await readdir(join(this.folder, folder.name));
      for (const name of all) if (name.endsWith(PARTIAL) && !entryOf(model, WHOLE.exec(name.slice(0, -PARTIAL.length)))) await this.remove(join(this.folder, folder.name, name));
      const found = all.map((name) => ({ name, match: WHOLE.exec(name) })).filter(({ match }) => match !== null);
      found.sort((a, b) => Number(b.match![1]) - Number(a.match![1]));
      for (const { name, match } of found) {
        const path = join(this.folder, folder.name, name);
        const entry = entryOf(model, match);
        const isWhole = entry !== undefined && (await stat(path)).size === entry.bytes && (await sha256Of(path)) === entry.sha256;
        if (isWhole && !kept.has(model)) kept.set(model, Number(match![1]));
        else {
          await this.remove(path);
          if (!isWhole) onRemoved(path);
        }
      }
    }
    return kept;
  }

  private folderOf(model: string): string {
    return join(this.folder, encodeURIComponent(model));
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
