import type { Control } from '../control/control.js';
import type { RepositorySpec } from '../control/system.js';
import { stream, type Seed, type Stream } from '../random/stream.js';
import { Due } from '../control/due.js';
import { Link, type Transfer } from './network/link.js';
import { startsAnywhere, type LinkSpec } from './network/spec.js';

const BYTES_PER_MIB = 1024 * 1024;

/**
 * The repository of models: pulls on their way to the sites, and the moments at which new versions come out. Each site has
 * a link of its own to it, in which its pulls queue.
 */
export class Repository {
  private readonly spec: RepositorySpec;
  private readonly link: LinkSpec | undefined;
  private readonly control: Control;
  private readonly draws: readonly Stream[];
  private links: Link[];
  private readonly pulls: (Transfer | undefined)[] = [];
  /** Pulls under way, as site × models + model. */
  private readonly due = new Due();
  /** Models that have a new version at some time. */
  private readonly updates = new Due();
  /** Faults that keep the manager away at present. */
  private down = 0;

  constructor(spec: RepositorySpec, link: LinkSpec | undefined, control: Control, seed: Seed, replication: number) {
    this.spec = spec;
    this.link = link;
    this.control = control;
    this.draws = spec.capacityMiB.map((_, site) => stream(seed, replication, 'pull', site));
    this.links = this.freshLinks();
    spec.models.forEach(({ versions }, model) => versions.slice(1).forEach(({ atMs }) => this.updates.add(atMs, model)));
  }

  /** When something happens next; Infinity if nothing will. */
  get nextMs(): number {
    return this.down > 0 ? this.due.firstMs : Math.min(this.due.firstMs, this.updates.firstMs);
  }

  /** Sends the newest version of a model on its way to a site. */
  pull(site: number, model: number, nowMs: number): void {
    const id = site * this.spec.models.length + model;
    const version = this.control.storage!.pullingAt(site, model);
    const transfer: Transfer = { id, request: model, kind: site, hop: 0, link: undefined, queue: undefined, bytes: this.spec.models[model].versions[version - 1].sizeMiB * BYTES_PER_MIB, passedMs: 0, delayMs: 0, isLost: false };
    const u = this.link?.isDelayDrawn === true ? this.draws[site]() : 0;
    const leavesMs = this.links[site].enter(transfer, u, 0, nowMs);
    transfer.isLost = Number.isNaN(leavesMs);
    this.pulls[id] = transfer;
    this.due.add(transfer.isLost ? nowMs : leavesMs, id);
  }

  /** Carries out what is due first. */
  step(nowMs: number): void {
    if (this.due.firstMs <= nowMs) {
      const { isLost } = this.pulls[this.due.first]!;
      this.end(this.due.shift(), !isLost, nowMs);
    } else this.control.published(this.updates.shift(), nowMs);
  }

  /** What is under way to a site is lost with it. */
  siteLost(site: number, nowMs: number): void {
    this.fail((transfer) => transfer.kind === site, nowMs);
    this.links[site] = this.freshLink(site);
  }

  /** The manager vanishes or is back, as one more or one less fault keeps it away. New versions of the meantime are told when it is back. */
  setManager(change: number, nowMs: number): void {
    const before = this.down;
    this.down += change;
    if (before === 0) {
      this.control.managerLost(true, nowMs);
      this.fail(() => true, nowMs);
      this.links = this.freshLinks();
    } else if (this.down === 0) this.control.managerLost(false, nowMs);
  }

  private fail(isMeant: (transfer: Transfer) => boolean, nowMs: number): void {
    for (const transfer of [...this.pulls]) {
      if (transfer === undefined || !isMeant(transfer)) continue;
      this.due.remove(transfer.id);
      this.end(transfer.id, false, nowMs);
    }
  }

  private end(id: number, whole: boolean, nowMs: number): void {
    const transfer = this.pulls[id]!;
    this.pulls[id] = undefined;
    transfer.link?.leave(transfer);
    this.control.pulled(transfer.kind, transfer.request, whole, nowMs);
  }

  private freshLinks(): Link[] {
    return this.spec.capacityMiB.map((_, site) => this.freshLink(site));
  }

  /** Draws from the stream of its own site only. */
  private freshLink(site: number): Link {
    return new Link(this.link, true, startsAnywhere(this.link) ? this.startOf(site) : 0);
  }

  private startOf(site: number): number {
    const { bottleneck } = this.link!;
    return bottleneck !== undefined && 'recording' in bottleneck ? Math.floor(this.draws[site]() * bottleneck.recording.periodMs) : 0;
  }
}
