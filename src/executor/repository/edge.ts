import type { RepositorySpec, RepositoryVersion } from '../../control/system.js';
import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import type { RepositoryClient } from './client.js';
import { EdgeStorage } from './edge-storage.js';
import type { Manifest, Version } from './manifest.js';
import { doubled, pause } from './pause.js';
import { pull, PullFailed, type PullOptions } from './pull.js';

const BYTES_PER_MIB = 1024 * 1024;
const DEFAULT_POLL_MS = 5000;
/** One poll may fail for many reasons; so many in a row, and the manager is lost. */
const LOST_AFTER = 2;
/** Pause before what failed is pulled again; it doubles. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Is told what control is to be told. Models are numbered as the edge was told them. */
export interface EdgeListener {
  pulled(model: number, whole: boolean): void;
  /** @param accuracy a fraction; undefined if it is not known */
  described(model: number, sizeMiB: number, accuracy: number | undefined): void;
  published(model: number, version: number): void;
  managerLost(isLost: boolean): void;
}

export interface EdgeOptions {
  /** As control numbers them. */
  models: readonly string[];
  /** Of its storage; Infinity without a limit. */
  capacityMiB: number;
  pollMs?: number;
  /** Is told what an operator may want to know. */
  tell?: (level: 'info' | 'warn', event: string, sentence: string, fields: object) => void;
  /** For tests: how files are written, and how long a pull pauses. */
  pulling?: Pick<PullOptions, 'openFile' | 'pauseMs'>;
  /** For tests: before what failed is pulled again. */
  firstPauseMs?: number;
}

/** What has come over the network since the start. */
export interface EdgeTotals {
  pulled: number;
  failed: number;
  corrupted: number;
  resumed: number;
  bytes: number;
}

/** An edge's side of a repository: watches the manifest, pulls what control wants, and keeps it. What is wanted, and what has room, control knows. */
export class Edge {
  readonly client: RepositoryClient;
  readonly totals: EdgeTotals = { pulled: 0, failed: 0, corrupted: 0, resumed: 0, bytes: 0 };
  /** What control is to begin with. */
  readonly beginning: Pick<RepositorySpec, 'models' | 'away'> & { stored: readonly number[] };
  private readonly storage: EdgeStorage;
  private readonly options: EdgeOptions;
  private manifest: Manifest;
  private etag: string | undefined;
  /** Version of each model that was told to control, and that which lies here. */
  private readonly told: number[];
  private readonly lying: number[];
  private readonly pulls = new Map<number, AbortController>();
  /** Times that a file failed in a row, and the time before which it is not pulled again; by its hash. */
  private readonly failures = new Map<string, { times: number; untilMs: number }>();
  /** A file that is being removed must be gone before it is pulled anew. */
  private removing: Promise<void> = Promise.resolve();
  private isLost: boolean;
  private failedPolls = 0;
  private listener: EdgeListener | undefined;
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  private constructor(client: RepositoryClient, storage: EdgeStorage, options: EdgeOptions, manifest: Manifest, etag: string | undefined, isLost: boolean, kept: ReadonlyMap<string, number>) {
    this.client = client;
    this.storage = storage;
    this.options = options;
    this.manifest = manifest;
    this.etag = etag;
    this.isLost = isLost;
    this.lying = options.models.map((model) => kept.get(model) ?? 0);
    // What lies here serves first; what is newer is told once it serves.
    this.told = this.lying.map((version, model) => (version > 0 ? version : this.versions(model).length));
    this.beginning = {
      models: options.models.map((name, model) => ({ name, versions: this.versions(model).slice(0, this.told[model]).map(described), newest: this.told[model] })),
      stored: [...this.lying],
      ...(isLost && { away: true }),
    };
  }

  /**
   * Asks for the manifest, and looks what lies in the storage. If the repository cannot be reached, what was known last counts.
   *
   * @throws InputError if nothing is known, a model was never published, or the folder cannot be used
   */
  static async open(client: RepositoryClient, folder: string, options: EdgeOptions): Promise<Edge> {
    const { models, capacityMiB, tell } = options;
    const storage = await EdgeStorage.open(folder);
    const known = await storage.manifest();
    const asked = await client.manifest(new AbortController().signal).catch((error: Error) => error);
    if (asked instanceof Error && known === undefined) throw new InputError(`${asked.message}; and ${folder} has never been filled, so nothing is known of the models. Start the repository first: corun repository serve DIR`);
    const manifest = asked instanceof Error ? known! : asked!.manifest;
    const names = Object.keys(manifest.models);
    const missing = models.find((model) => !names.includes(model));
    if (missing !== undefined) throw new InputError(`the repository ${client.url} has no model ${missing}${didYouMean(missing, names)} (known: ${names.join(', ') || 'none'}). Publish it: corun repository publish ${missing} FILE --into DIR`);
    if (asked instanceof Error) tell?.('warn', 'manager_lost', `${asked.message}; serving what is stored`, {});
    else await storage.keepManifest(manifest);
    const kept = await storage.kept(manifest, models, (file) => tell?.('warn', 'storage_cleared', `${file} is not what the repository says, and was removed`, { file }));
    let leftMiB = capacityMiB;
    for (const model of models) {
      const version = kept.get(model);
      if (version === undefined) continue;
      const entry = manifest.models[model][version - 1];
      leftMiB -= entry.bytes / BYTES_PER_MIB;
      if (leftMiB >= 0) continue;
      leftMiB += entry.bytes / BYTES_PER_MIB;
      await storage.remove(storage.file(model, version, entry));
      kept.delete(model);
    }
    return new Edge(client, storage, options, manifest, asked instanceof Error ? undefined : asked!.etag, asked instanceof Error, kept);
  }

  /**
   * Pulls what is to lie here when the run begins, and removes what is not.
   *
   * @param wanted version of each model; 0 for none
   * @throws InputError if one cannot be pulled
   */
  async fill(wanted: readonly number[]): Promise<void> {
    for (const [model, version] of wanted.entries()) {
      if (version === this.lying[model] || this.lying[model] === 0) continue;
      await this.storage.remove(this.fileOf(model, this.lying[model]));
      this.lying[model] = 0;
    }
    for (const [model, version] of wanted.entries()) {
      if (version === this.lying[model]) continue;
      try {
        await this.fetch(model, version, this.ending.signal);
      } catch (error) {
        throw new InputError(`cannot pull ${this.name(model)} version ${version} from ${this.client.url}: ${(error as Error).message}`);
      }
    }
  }

  /** Tells the listener what is new from now on. */
  watch(listener: EdgeListener): void {
    this.listener = listener;
    if (this.isLost) listener.managerLost(true);
    this.announce();
    this.again(this.isLost ? this.pollMs / 2 : this.pollMs);
  }

  /** Pulls a version; the listener hears what came of it, later. */
  pull(model: number, version: number): void {
    const control = new AbortController();
    this.pulls.set(model, control);
    const { sha256 } = this.entry(model, version);
    const failed = this.failures.get(sha256);
    void (async () => {
      try {
        if (failed !== undefined) await pause(failed.untilMs - performance.now(), control.signal);
        if (control.signal.aborted) throw new PullFailed('it was given up');
        await this.removing;
        const before = this.lying[model];
        await this.fetch(model, version, control.signal);
        if (before > 0 && before !== version) await this.storage.remove(this.fileOf(model, before));
        this.failures.delete(sha256);
        this.over(model, true);
      } catch (error) {
        const { message } = error as Error;
        this.totals.failed++;
        if (!control.signal.aborted) {
          const times = (failed?.times ?? 0) + 1;
          this.failures.set(sha256, { times, untilMs: performance.now() + doubled(this.options.firstPauseMs ?? FIRST_PAUSE_MS, times - 1, LONGEST_PAUSE_MS) });
        }
        if (!this.ending.signal.aborted) this.options.tell?.('warn', 'pull_failed', `${this.name(model)} version ${version} could not be pulled: ${message}${error instanceof PullFailed ? '' : ' (unexpected)'}`, { model: this.name(model), version });
        this.over(model, false);
      }
    })();
  }

  /** Removes a model. Whoever has opened it can still load it. */
  discard(model: number): void {
    const version = this.lying[model];
    const file = this.fileOf(model, version);
    this.lying[model] = 0;
    this.options.tell?.('info', 'discarded', `${this.name(model)} version ${version} was discarded`, { model: this.name(model), version });
    this.removing = this.removing.then(() => this.storage.remove(file)).catch((error: Error) => this.options.tell?.('warn', 'discard_failed', `${this.name(model)} could not be removed: ${error.message}`, { model: this.name(model) }));
  }

  /** @returns descriptor of an open file with a version's weights, to be closed @throws if it does not lie here */
  weights(model: number, version: number): number {
    return this.storage.descriptor(this.name(model), version, this.entry(model, version));
  }

  /** Ends all that goes on. */
  stop(): void {
    clearTimeout(this.timer);
    this.listener = undefined;
    this.ending.abort();
    for (const control of this.pulls.values()) control.abort();
  }

  // ---------------------------------------------------------------------------------------------------- within it

  private get pollMs(): number {
    return this.options.pollMs ?? DEFAULT_POLL_MS;
  }

  private again(afterMs = this.pollMs): void {
    if (this.ending.signal.aborted) return;
    this.timer = setTimeout(() => void this.poll().then(() => this.again()), afterMs);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    try {
      const asked = await this.client.manifest(this.ending.signal, this.etag);
      if (asked !== undefined) {
        const other = this.contradiction(asked.manifest);
        if (other !== undefined) throw new Error(other);
        this.manifest = asked.manifest;
        await this.storage.keepManifest(asked.manifest).catch((error: Error) => this.options.tell?.('warn', 'manifest_not_kept', `the manifest could not be kept for the next start: ${error.message}`, {}));
        this.etag = asked.etag;
      }
    } catch (error) {
      if (this.ending.signal.aborted) return;
      if (++this.failedPolls === LOST_AFTER && !this.isLost) this.lose((error as Error).message);
      return;
    }
    this.failedPolls = 0;
    // While the manager is lost nobody decides, so what is new is known when it is back.
    this.announce();
    if (!this.isLost) return;
    this.isLost = false;
    this.options.tell?.('info', 'manager_back', `the repository ${this.client.url} is there again`, {});
    this.listener?.managerLost(false);
  }

  private lose(why: string): void {
    this.isLost = true;
    this.options.tell?.('warn', 'manager_lost', `the repository is lost, and what is stored serves on: ${why}`, {});
    this.listener?.managerLost(true);
    for (const control of this.pulls.values()) control.abort();
  }

  /** What a manifest says otherwise than before of a version that there was; a version is never changed. */
  private contradiction({ models }: Manifest): string | undefined {
    for (const name of this.options.models) {
      const now = Object.hasOwn(models, name) ? models[name] : [];
      const changed = this.manifest.models[name].findIndex(({ sha256 }, i) => now[i]?.sha256 !== sha256);
      if (changed >= 0) return `its manifest has another version ${changed + 1} of ${name} than before; a version never changes, so this is another repository, or an older state of it`;
    }
    return undefined;
  }

  private announce(): void {
    for (const model of this.told.keys()) {
      const versions = this.versions(model);
      if (this.told[model] === versions.length) continue;
      for (const version of versions.slice(this.told[model])) {
        const { sizeMiB, accuracy } = described(version);
        this.listener?.described(model, sizeMiB, accuracy);
      }
      this.told[model] = versions.length;
      this.options.tell?.('info', 'published', `${this.name(model)} version ${versions.length} is out`, { model: this.name(model), version: versions.length });
      this.listener?.published(model, versions.length);
    }
  }

  private over(model: number, whole: boolean): void {
    this.pulls.delete(model);
    this.listener?.pulled(model, whole);
  }

  /** Brings a version here; from then on it lies here. */
  private async fetch(model: number, version: number, signal: AbortSignal): Promise<void> {
    const name = this.name(model);
    const entry = this.entry(model, version);
    const { storage, totals } = this;
    const beganMs = performance.now();
    await storage.prepare(name, version, entry);
    await pull(this.client, entry, { file: storage.file(name, version, entry), partial: storage.partial(name, version, entry) }, {
      ...this.options.pulling,
      signal,
      onBytes: (bytes) => (totals.bytes += bytes),
      onResumed: (from) => {
        totals.resumed++;
        this.options.tell?.('info', 'pull_resumed', `the pull of ${name} version ${version} goes on at byte ${from} of ${entry.bytes}`, { model: name, version, from });
      },
      onCorrupted: () => {
        totals.corrupted++;
        this.options.tell?.('warn', 'corrupted', `${name} version ${version} came corrupted, and was thrown away`, { model: name, version });
      },
    });
    this.lying[model] = version;
    totals.pulled++;
    this.options.tell?.('info', 'pulled', `${name} version ${version} was pulled: ${(entry.bytes / BYTES_PER_MIB).toFixed(1)} MiB in ${Math.round(performance.now() - beganMs)} ms`, { model: name, version, bytes: entry.bytes });
  }

  private fileOf(model: number, version: number): string {
    return this.storage.file(this.name(model), version, this.entry(model, version));
  }

  private name(model: number): string {
    return this.options.models[model];
  }

  private versions(model: number): readonly Version[] {
    return this.manifest.models[this.name(model)];
  }

  private entry(model: number, version: number): Version {
    return this.versions(model)[version - 1];
  }
}

const described = ({ bytes, accuracy }: Version): RepositoryVersion => ({ atMs: 0, sizeMiB: bytes / BYTES_PER_MIB, ...(accuracy !== undefined && { accuracy }) });
