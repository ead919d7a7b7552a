import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../input/error.js';
import { LockHeld, withLock } from '../lock.js';
import { syncFolder, writeDurably } from '../retraining/durable.js';
import { layoutOf, otherLayout } from './layout.js';
import { EMPTY, readManifest, writtenManifest, type Manifest, type Version } from './manifest.js';

const MANIFEST = 'repository.json';
const BLOBS = 'blobs';
/** How long one that publishes waits for another, which copies no file meanwhile. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 20;

let copies = 0;

export interface Published {
  model: string;
  /** From 1. */
  version: number;
  entry: Version;
  /** False if this file was the newest version already, so that nothing was changed. */
  isNew: boolean;
}

/**
 * A repository of models on disk: `blobs/` with files named by their SHA-256, and `repository.json`, which says what they are. A
 * file is there, whole, before the manifest speaks of it, and the manifest is replaced at once: whoever reads finds the state before or after.
 */
export class RepositoryStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Text of the manifest; that of an empty repository where none was published. */
  async text(): Promise<string> {
    try {
      return await readFile(join(this.folder, MANIFEST), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return writtenManifest(EMPTY);
      throw error;
    }
  }

  /** @throws InputError if it is damaged */
  async manifest(): Promise<Manifest> {
    return readManifest(await this.text(), join(this.folder, MANIFEST));
  }

  /** Where the file with this content lies, or would. */
  blob(sha256: string): string {
    return join(this.folder, BLOBS, sha256);
  }

  /**
   * Makes a file the newest version of a model. Several may publish at the same time. Weights must have the shapes of those before them,
   * so that what serves the model can take them.
   *
   * @param accuracy a fraction
   * @throws InputError if the file cannot be read or the repository not be written
   */
  async publish(model: string, file: string, accuracy?: number): Promise<Published> {
    if (model === '') throw new InputError('a model needs a name, as scenarios and profiles call it');
    if (accuracy !== undefined && !(accuracy >= 0 && accuracy <= 1)) throw new InputError(`--accuracy ${accuracy}: a fraction from 0 to 1 is needed`);
    await this.make();
    const { sha256, bytes } = await this.copy(file);
    await layoutOf(this.blob(sha256));
    const entry: Version = { sha256, bytes, ...(accuracy !== undefined && { accuracy }) };
    return this.alone(async () => {
      const manifest = await this.manifest();
      const versions = Object.hasOwn(manifest.models, model) ? manifest.models[model] : [];
      const last = versions.at(-1);
      if (last?.sha256 === sha256 && (accuracy === undefined || last.accuracy === accuracy)) return { model, version: versions.length, entry: last, isNew: false };
      const other = last === undefined ? undefined : otherLayout(await layoutOf(this.blob(last.sha256)), await layoutOf(this.blob(sha256)));
      if (other !== undefined) throw new InputError(`${file}: it cannot be version ${versions.length + 1} of ${model}: ${other}. It belongs to another model; publish it under a name of its own`);
      const models = { ...manifest.models, [model]: [...versions, entry] };
      await writeDurably(join(this.folder, MANIFEST), Buffer.from(writtenManifest({ ...manifest, models })));
      return { model, version: versions.length + 1, entry, isNew: true };
    });
  }

  private async make(): Promise<void> {
    try {
      await mkdir(join(this.folder, BLOBS), { recursive: true });
    } catch (error) {
      throw new InputError(`${this.folder}: cannot be used as a repository (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
    }
  }

  /** Copies a file to where its content says. What is hashed is what is written, so a file that changes meanwhile is no harm. */
  private async copy(file: string): Promise<{ sha256: string; bytes: number }> {
    const unfinished = join(this.folder, BLOBS, `.${process.pid}-${++copies}.new`);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const source = createReadStream(file);
      const target = await open(unfinished, 'w');
      try {
        await pipeline(source, async (pieces: AsyncIterable<Buffer>) => {
          for await (const piece of pieces) {
            hash.update(piece);
            bytes += piece.length;
            await target.writeFile(piece);
          }
        });
        await target.sync();
      } finally {
        await target.close();
      }
      if (bytes === 0) throw new InputError(`${file}: it is empty; a file of weights is needed`);
      const sha256 = hash.digest('hex');
      await rename(unfinished, this.blob(sha256));
      await syncFolder(join(this.folder, BLOBS));
      return { sha256, bytes };
    } catch (error) {
      await rm(unfinished, { force: true });
      if (error instanceof InputError) throw error;
      const isThere = await stat(file).then((found) => found.isFile(), () => false);
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new InputError(isThere ? `${file}: it cannot be copied into ${this.folder} (${code})` : `${file}: there is no such file to publish (${code})`);
    }
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await withLock(join(this.folder, 'publish.lock'), 'publishing', work);
      } catch (error) {
        if (!(error instanceof LockHeld) || performance.now() > untilMs) throw error;
        await new Promise((later) => setTimeout(later, LOOK_EVERY_MS));
      }
    }
  }
}
