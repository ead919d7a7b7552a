import type { Control } from '../../control/control.js';
import { stream, type Seed } from '../../random/stream.js';
import { Due } from '../../control/due.js';
import type { RequestDraws } from '../request-draws.js';
import { Link, type Transfer } from './link.js';
import { startsAnywhere, type AppNetwork, type LinkSpec, type NetworkSpec } from './spec.js';

/** Where a message goes: from a client to a site, back, or from one site to another. */
const UP = 0;
const DOWN = 1;
const ON = 2;

const NO_LINKS: AppNetwork = { uploadBytes: 0, answerBytes: 0, handOnBytes: [] };

interface Links {
  up?: LinkSpec;
  down?: LinkSpec;
}

export type Direction = 'up' | 'down';

/**
 * All links of a run, and what is on them. The way up leads over the access link of the phone or its cell, then over the
 * link of the site; the way down over the same in reverse; the way between two sites over one link for each pair.
 */
export class Network {
  private readonly apps: readonly AppNetwork[];
  private readonly joinsSites: boolean;
  private readonly control: Control;
  private readonly draws: RequestDraws;
  /** By direction, then by app or site. Apps of one cell have the same link. */
  private readonly access: readonly (readonly Link[])[];
  private readonly site: readonly (readonly Link[])[];
  /** By the site it comes from, then the site it leads to. */
  private readonly between: readonly (readonly Link[])[];
  /** By site: no link leads to the phones of the clients. */
  private readonly isDevice: readonly boolean[];
  /** By direction × site: nothing on the way takes any time. */
  private readonly isDirect: Uint8Array;
  /** No message takes any time anywhere. */
  isFree = false;
  private readonly due = new Due();
  private readonly transfers: Transfer[] = [];
  private readonly free: Transfer[] = [];
  /** Messages that found a full queue so far. */
  lost = 0;

  constructor(spec: NetworkSpec, control: Control, draws: RequestDraws, seed: Seed, replication: number) {
    const { system } = control;
    const { apps = system.apps.map(() => NO_LINKS), sites = system.sites.map(() => ({})) } = spec;
    this.apps = apps;
    this.joinsSites = spec.betweenSites !== undefined;
    this.control = control;
    this.draws = draws;
    const shared = (link: LinkSpec | undefined, ...key: string[]): Link => {
      return new Link(link, true, startsAnywhere(link) ? startOf(link!, stream(seed, replication, 'start', ...key)()) : 0);
    };
    this.access = (['up', 'down'] as const).map((direction) => {
      const cells = new Map<string, Link>();
      return apps.map((app) => {
        if (app.cell === undefined) return new Link(app[direction], false, 0);
        let link = cells.get(app.cell);
        if (link === undefined) cells.set(app.cell, (link = shared(app[direction], direction, 'cell', app.cell)));
        return link;
      });
    });
    this.site = (['up', 'down'] as const).map((direction) => sites.map((site: Links, i) => shared(site[direction], direction, 'site', system.sites[i].name)));
    this.between = sites.map((_, from) =>
      sites.map((__, to) => shared(from === to ? undefined : spec.betweenSites, 'between', system.sites[from].name, system.sites[to].name)),
    );
    this.isDevice = system.sites.map(({ device }) => device === true);
    this.isDirect = new Uint8Array(2 * sites.length);
    this.findDirect();
  }

  /** When something arrives next; Infinity if nothing is moving. */
  get nextMs(): number {
    return this.due.firstMs;
  }

  /** Messages on the way, those that stand still on a cut link included. */
  get length(): number {
    return this.transfers.length - this.free.length;
  }

  /** Messages that will arrive without anything being restored. */
  get moving(): number {
    return this.due.length;
  }

  /** Sends a request to a site. @returns whether it is there already; if not, `step` will tell control */
  upload(request: number, site: number, nowMs: number): boolean {
    if (this.isDirect[site] === 1) return true;
    return this.send(this.transferOf(request, UP), nowMs);
  }

  /** Sends an answer from the site of the request's last stage to its client. As `upload`. */
  answer(request: number, nowMs: number): boolean {
    const { requests } = this.control;
    const site = requests.path[request * requests.stageCount + requests.stage[request] - 1];
    if (this.isDirect[this.site[DOWN].length + site] === 1) return true;
    return this.send(this.transferOf(request, DOWN), nowMs);
  }

  /** Sends a request on from one stage's site to the next one's. As `upload`. From a phone it takes the way up. */
  forward(request: number, fromSite: number, toSite: number, nowMs: number): boolean {
    if (this.isDevice[fromSite] && !this.isDevice[toSite]) return this.upload(request, toSite, nowMs);
    if (!this.joinsSites || fromSite === toSite) return true;
    return this.send(this.transferOf(request, ON), nowMs);
  }

  /** Carries out what is due first, at `nowMs` = `nextMs`, and tells control if a message arrived or was lost. */
  step(nowMs: number): void {
    const transfer = this.transfers[this.due.shift()];
    const { request, kind, link } = transfer;
    if (transfer.isLost) {
      this.release(transfer);
      this.control.lost(request, nowMs);
      return;
    }
    link!.leave(transfer);
    transfer.hop++;
    if (!this.send(transfer, nowMs)) return;
    if (kind === DOWN) this.control.delivered(request, nowMs);
    else this.control.arrived(request, nowMs);
  }

  /**
   * Cuts the links in one direction that lead to this site and to no other: its own, and those of the phones where it is
   * the only site. What is on them stands still, what comes waits before them, and recorded opportunities pass unused.
   */
  cut(site: number, direction: Direction, nowMs: number): void {
    for (const link of this.linksOf(site, direction)) {
      if (link.isCut) continue;
      this.due.removeIf((id) => this.transfers[id].link === link);
      link.cut(nowMs);
    }
    this.findDirect();
  }

  /** Undoes `cut`: everything goes on where it stopped, in the same order and with the same draws. */
  restore(site: number, direction: Direction, nowMs: number): void {
    for (const link of this.linksOf(site, direction)) {
      if (!link.isCut) continue;
      link.restore(nowMs, (transfer, leavesMs) => this.due.add(leavesMs, transfer.id));
    }
    this.findDirect();
  }

  /** Takes a message over the links that are left. @returns whether it is there already */
  private send(transfer: Transfer, nowMs: number): boolean {
    const { draws } = this;
    const { request, kind } = transfer;
    for (let link = this.linkAt(transfer); link !== undefined; transfer.hop++, link = this.linkAt(transfer)) {
      if (link.spec === undefined && !link.isCut) continue;
      const isAccess = kind !== ON && transfer.hop === kind;
      transfer.bytes = this.bytesOf(request, kind);
      const u = link.spec?.isDelayDrawn ? (kind === ON ? draws.forwardOf(request) : isAccess ? draws.accessOf(request, kind) : draws.siteOf(request, kind)) : 0;
      const startMs = isAccess && startsAnywhere(link.spec) ? startOf(link.spec!, draws.startOf(request, kind)) : 0;
      const leavesMs = link.enter(transfer, u, startMs, nowMs);
      if (Number.isNaN(leavesMs)) {
        this.lost++;
        transfer.isLost = true;
        this.due.add(nowMs, transfer.id);
        return false;
      }
      if (leavesMs > nowMs) {
        if (leavesMs < Infinity) this.due.add(leavesMs, transfer.id);
        return false;
      }
      link.leave(transfer);
    }
    this.release(transfer);
    return true;
  }

  /** The link of a message's present hop, or undefined at the end of its way. */
  private linkAt({ request, kind, hop }: Transfer): Link | undefined {
    const { requests } = this.control;
    const stage = request * requests.stageCount + requests.stage[request];
    if (kind === ON) return hop === 0 ? this.between[requests.path[stage - 1]][requests.path[stage]] : undefined;
    if (hop > 1) return undefined;
    // Up the access link comes first, down it comes second.
    return hop === kind ? this.access[kind][requests.app[request]] : this.site[kind][requests.path[kind === UP ? stage : stage - 1]];
  }

  private bytesOf(request: number, kind: number): number {
    const { requests } = this.control;
    const app = this.apps[requests.app[request]];
    if (kind === UP && requests.stage[request] > 0) return app.handOnBytes[requests.stage[request] - 1];
    return kind === UP ? app.uploadBytes : kind === DOWN ? app.answerBytes : app.handOnBytes[requests.stage[request] - 1];
  }

  private linksOf(site: number, direction: Direction): Set<Link> {
    const way = direction === 'up' ? UP : DOWN;
    return new Set(this.isDevice.filter((device) => !device).length === 1 && !this.isDevice[site] ? [this.site[way][site], ...this.access[way]] : [this.site[way][site]]);
  }

  private findDirect(): void {
    const isFree = (link: Link): boolean => link.spec === undefined && !link.isCut;
    const sites = this.site[UP].length;
    for (const way of [UP, DOWN]) for (let site = 0; site < sites; site++) this.isDirect[way * sites + site] = this.isDevice[site] || isFree(this.site[way][site]) && this.access[way].every(isFree) ? 1 : 0;
    this.isFree = !this.joinsSites && this.isDirect.every((direct) => direct === 1);
  }

  private transferOf(request: number, kind: number): Transfer {
    let transfer = this.free.pop();
    if (transfer === undefined) {
      transfer = { id: this.transfers.length, request, kind, hop: 0, link: undefined, queue: undefined, bytes: 0, passedMs: 0, delayMs: 0, isLost: false };
      this.transfers.push(transfer);
    }
    transfer.request = request;
    transfer.kind = kind;
    transfer.hop = 0;
    transfer.isLost = false;
    return transfer;
  }

  private release(transfer: Transfer): void {
    this.free.push(transfer);
  }
}

/** A whole ms within the recording, from a uniform number. */
function startOf({ bottleneck }: LinkSpec, u: number): number {
  return bottleneck !== undefined && 'recording' in bottleneck ? Math.floor(u * bottleneck.recording.periodMs) : 0;
}
