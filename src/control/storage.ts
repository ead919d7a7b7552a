import { NONE } from '../policy/contract.js';
import { PolicyError } from './policy-error.js';
import type { LaneSpec, RepositorySpec, RepositoryVersion } from './system.js';

/** Rounding of sums of sizes must not keep a model out of a storage that it fills exactly. */
const SLACK_MIB = 1e-6;

/**
 * Which version of which model lies in each site's storage, and on its way there. Models are numbered as in the repository,
 * versions from 1; 0 stands for none. A version that is pulled lies beside the one that it replaces until it is whole, as an
 * atomic update needs it.
 */
export class Storage {
  readonly spec: RepositorySpec;
  /** Newest version of each model, as the manager last told. */
  readonly newest: Int32Array;
  /** Of each model, the oldest first. */
  private readonly versions: RepositoryVersion[][];
  /** By site × model. */
  private readonly version: Int32Array;
  private readonly pulling: Int32Array;
  private readonly usedMiB: Float64Array;
  private readonly modelOfLane: Int32Array;
  private readonly siteOfLane: readonly number[];
  private readonly baseAccuracy: Float64Array;
  isManagerLost = false;

  constructor(spec: RepositorySpec, lanes: readonly LaneSpec[]) {
    const { models, capacityMiB } = spec;
    this.spec = spec;
    this.newest = Int32Array.from(models, ({ newest = 1 }) => newest);
    this.versions = models.map(({ versions }) => [...versions]);
    this.version = new Int32Array(capacityMiB.length * models.length);
    this.pulling = new Int32Array(capacityMiB.length * models.length);
    this.usedMiB = new Float64Array(capacityMiB.length);
    this.modelOfLane = Int32Array.from(lanes, ({ model }) => models.findIndex(({ name }) => name === model));
    this.siteOfLane = lanes.map(({ site }) => site);
    this.baseAccuracy = Float64Array.from(lanes, ({ accuracy }) => accuracy ?? NaN);
    spec.stored?.forEach((stored, site) =>
      stored.forEach((version, model) => {
        if (version === 0) return;
        this.version[site * models.length + model] = version;
        this.usedMiB[site] += this.sizeMiB(model, version);
      }),
    );
  }

  modelOf(lane: number): number {
    return this.modelOfLane[lane];
  }

  sizeMiB(model: number, version: number): number {
    return this.versions[model][version - 1].sizeMiB;
  }

  /** Fraction of right answers of a lane's model in this version; that of the newest version before it that says one. */
  accuracy(lane: number, version: number): number {
    const model = this.modelOfLane[lane];
    if (model !== NONE) for (let v = version; v > 0; v--) if (this.versions[model][v - 1].accuracy !== undefined) return this.versions[model][v - 1].accuracy!;
    return this.baseAccuracy[lane];
  }

  /** A version that nobody foresaw: it is known from now on, and comes out when `newest` says so. @param accuracy a fraction; NaN if it is not known */
  describe(model: number, sizeMiB: number, accuracy: number): void {
    this.versions[model].push({ atMs: 0, sizeMiB, ...(accuracy >= 0 && { accuracy }) });
  }

  versionAt(site: number, model: number): number {
    return this.version[site * this.newest.length + model];
  }

  pullingAt(site: number, model: number): number {
    return this.pulling[site * this.newest.length + model];
  }

  /** Room that is left, that of pulls under way taken. Infinity where the storage has no limit. */
  freeMiB(site: number): number {
    return this.spec.capacityMiB[site] - this.usedMiB[site];
  }

  /** Version that a process of this lane would load; 0 if it has none, 1 for a model that no repository has. */
  loadable(lane: number): number {
    const model = this.modelOfLane[lane];
    return model === NONE ? 1 : this.versionAt(this.siteOfLane[lane], model);
  }

  /** Puts the newest version there without a way or a time: what a run begins with. @returns false if there is no room */
  begin(site: number, model: number): boolean {
    if (this.versionAt(site, model) > 0) return true;
    if (!this.hasRoom(site, model)) return false;
    this.usedMiB[site] += this.sizeMiB(model, this.newest[model]);
    this.version[site * this.newest.length + model] = this.newest[model];
    return true;
  }

  hasRoom(site: number, model: number): boolean {
    return this.sizeMiB(model, this.newest[model]) <= this.freeMiB(site) + SLACK_MIB;
  }

  /** Reserves the room of a pull. @throws PolicyError if it cannot begin */
  beginPull(site: number, model: number): void {
    const { name } = this.spec.models[model];
    const at = site * this.newest.length + model;
    if (this.pulling[at] > 0) throw new PolicyError('place', `pulls ${name} to a site that is pulling it already`);
    if (this.version[at] === this.newest[model]) throw new PolicyError('place', `pulls ${name} to a site that has its newest version`);
    if (!this.hasRoom(site, model)) throw new PolicyError('place', `pulls ${name} to a site whose storage has no room for it; discard something first`);
    this.pulling[at] = this.newest[model];
    this.usedMiB[site] += this.sizeMiB(model, this.newest[model]);
  }

  /** A pull is over: the new version takes the place of the old one, or what has come of it is thrown away. */
  endPull(site: number, model: number, whole: boolean): void {
    const at = site * this.newest.length + model;
    const gone = whole ? this.version[at] : this.pulling[at];
    if (gone > 0) this.usedMiB[site] -= this.sizeMiB(model, gone);
    if (whole) this.version[at] = this.pulling[at];
    this.pulling[at] = 0;
  }

  /** @throws PolicyError if it is not there */
  discard(site: number, model: number): void {
    const at = site * this.newest.length + model;
    if (this.version[at] === 0) throw new PolicyError('place', `discards ${this.spec.models[model].name} at a site that does not have it`);
    this.usedMiB[site] -= this.sizeMiB(model, this.version[at]);
    this.version[at] = 0;
  }

  /** What lies and what comes, for the books. */
  owedMiB(site: number): number {
    let sum = 0;
    for (let model = 0; model < this.newest.length; model++)
      for (const version of [this.versionAt(site, model), this.pullingAt(site, model)]) if (version > 0) sum += this.sizeMiB(model, version);
    return sum;
  }
}
