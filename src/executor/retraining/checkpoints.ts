import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input/error.js';
import { UNFINISHED, writeDurably, type WriteDurably } from './durable.js';
import { DamagedTensors, decodeTensors, encodeTensors, type TensorFile } from './tensor-file.js';

/** A checkpoint that was there and cannot be used. */
export interface PassedOver {
  path: string;
  reason: string;
}

/** What became of a checkpoint that was to be written. */
export interface Saved {
  path: string;
  bytes: number;
  saveMs: number;
  /** Present if it could not be written, in one sentence that names what is left. */
  failed?: string;
}

const FILE = /^checkpoint-(\d{8})\.bin$/;
const WEIGHTS = 'deployed.bin';
const nameOf = (number: number): string => `checkpoint-${String(number).padStart(8, '0')}.bin`;

const CAUSES: Readonly<Record<string, string>> = { ENOSPC: 'the disk is full', EDQUOT: 'the quota of the disk is used up', EROFS: 'the disk is read-only', EACCES: 'it may not be written to' };
export const causeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code !== undefined && code in CAUSES ? `${CAUSES[code]} (${code})` : message;
};

/** The weights that were deployed last from a job's folder; undefined if none were. @throws InputError if they are damaged */
export async function readDeployed(folder: string): Promise<Uint8Array | undefined> {
  const path = join(folder, WEIGHTS);
  try {
    const bytes = await readFile(path);
    decodeTensors(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof DamagedTensors) throw new InputError(`${path}: ${error.message}; remove it, and the model serves, and is compared, as it is opened`);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The checkpoints of one retraining job, in a folder of its own: the last two, and the weights that were deployed last. The one before
 * the last is there for when the last turns out to be damaged. One process at a time may use a folder.
 */
export class Checkpoints<About> {
  readonly folder: string;
  private readonly write: WriteDurably;
  private next = 1;
  /** Number of the last that is known to be whole. */
  private good: number | undefined;

  private constructor(folder: string, write: WriteDurably) {
    this.folder = folder;
    this.write = write;
  }

  /** Opens a folder, and makes it if need be. What a process left unfinished when it died is removed. */
  static async open<About>(folder: string, write: WriteDurably = writeDurably): Promise<Checkpoints<About>> {
    try {
      await mkdir(folder, { recursive: true });
      for (const name of await readdir(folder)) if (name.endsWith(`.bin${UNFINISHED}`)) await rm(join(folder, name), { force: true });
    } catch (error) {
      throw new InputError(`${folder}: cannot be used for checkpoints: ${causeOf(error)}`);
    }
    return new Checkpoints(folder, write);
  }

  /** The last checkpoint that is whole; undefined where there is none. Those that are damaged are passed over, and named. */
  async last(): Promise<{ checkpoint: (TensorFile<About> & { path: string }) | undefined; passedOver: PassedOver[] }> {
    const numbers = await this.numbers();
    this.next = (numbers[0] ?? 0) + 1;
    const passedOver: PassedOver[] = [];
    for (const number of numbers) {
      const path = join(this.folder, nameOf(number));
      try {
        const checkpoint = { ...decodeTensors<About>(await readFile(path)), path };
        this.good = number;
        return { checkpoint, passedOver };
      } catch (error) {
        if (!(error instanceof DamagedTensors)) throw error;
        passedOver.push({ path, reason: error.message });
      }
    }
    return { checkpoint: undefined, passedOver };
  }

  /** Writes a checkpoint. A full disk is no reason to end training, so it is told, not thrown; the one before stays. */
  async save(state: TensorFile<About>): Promise<Saved> {
    const begin = performance.now();
    const bytes = encodeTensors(state);
    const number = this.next;
    const path = join(this.folder, nameOf(number));
    const saved = (): Saved => ({ path, bytes: bytes.length, saveMs: performance.now() - begin });
    try {
      await this.write(path, bytes);
    } catch (error) {
      const left = this.good === undefined ? 'there is no earlier one; after a crash training would begin anew' : `${nameOf(this.good)} stays in use`;
      return { ...saved(), failed: `${path}: the checkpoint of ${(bytes.length / 2 ** 20).toFixed(1)} MiB could not be written: ${causeOf(error)}; ${left}` };
    }
    const before = this.good;
    this.good = number;
    this.next = number + 1;
    for (const old of await this.numbers()) if (old !== number && old !== before) await rm(join(this.folder, nameOf(old)), { force: true });
    return saved();
  }

  /**
   * Weights that serve from now on; kept for servers that start later, and so that a later candidate is compared with them after a
   * restart too.
   *
   * @returns why they could not be written, in one sentence; they serve all the same
   */
  async saveDeployed(weights: Uint8Array): Promise<string | undefined> {
    const path = join(this.folder, WEIGHTS);
    try {
      await this.write(path, weights);
      return undefined;
    } catch (error) {
      return `${path}: the weights that serve from now on could not be written: ${causeOf(error)}; a server that starts later uses those before them`;
    }
  }

  /** The weights that were deployed last; undefined if none were. @throws InputError if they are damaged */
  deployed(): Promise<Uint8Array | undefined> {
    return readDeployed(this.folder);
  }

  /** Numbers of the checkpoints that are there, the latest first. */
  private async numbers(): Promise<number[]> {
    const numbers = (await readdir(this.folder)).flatMap((name) => FILE.exec(name)?.slice(1).map(Number) ?? []);
    return numbers.sort((a, b) => b - a);
  }
}
