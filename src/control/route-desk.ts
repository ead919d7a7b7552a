import { NONE, type RouteCommands, type RouteView } from '../policy/contract.js';
import type { Control } from './control.js';
import { PolicyError } from './policy-error.js';

/** Where the routing policy looks and writes: the request that is being routed, and the path it gets. */
export class RouteDesk implements RouteView, RouteCommands {
  private readonly control: Control;
  stageCount = 0;
  private request = 0;
  private visits = 0;
  /** Lanes of a stage at a site, by the first of them. */
  private readonly lanesFrom: (readonly number[])[] = [];
  private stages: readonly { sites: readonly number[] }[] = [];

  constructor(control: Control) {
    this.control = control;
  }

  /** Lays a request on the desk. @returns false if a stage has no site that can be reached, so that there is nothing to decide */
  open(request: number): boolean {
    const { outages, requests, system } = this.control;
    this.request = request;
    this.visits = 0;
    this.stages = system.apps[requests.app[request]].stages;
    this.stageCount = this.stages.length;
    if (outages.lostSites === 0) return true;
    this.stages = this.stages.map(({ sites }) => ({ sites: sites.filter((site) => !outages.isSiteLost(site)) }));
    return this.stages.every(({ sites }) => sites.length > 0);
  }

  get ordinal(): number {
    return this.control.requests.ordinal[this.request];
  }

  sitesOf(stage: number): readonly number[] {
    return this.stages[stage].sites;
  }

  uploadMs(site: number): number {
    const { control } = this;
    return control.uploadMs[control.requests.app[this.request] * control.siteCount + site];
  }

  get sloMs(): number {
    const { requests } = this.control;
    return requests.deadlineMs[this.request] - requests.bornMs[this.request];
  }

  lanesAt(stage: number, site: number): readonly number[] {
    const { control } = this;
    const first = control.laneFor(control.requests.app[this.request], stage, site);
    if (first === NONE) return [];
    return (this.lanesFrom[first] ??= Array.from({ length: control.variants[first] }, (_, i) => first + i));
  }

  isLoaded(lane: number): boolean {
    return this.control.loadedWorkers[lane] > 0;
  }

  loadMs(lane: number): number {
    const { site, model } = this.control.laneSpecs[lane];
    return this.control.system.accelerators.find((a) => a.site === site && a.profile.models[model] !== undefined)?.profile.models[model].load_ms ?? 0;
  }

  serviceMs(lane: number): number {
    return this.control.measuredMs[lane];
  }

  accuracy(lane: number): number {
    return this.control.accuracy[lane];
  }

  visit(site: number): void {
    const { control, request } = this;
    const { requests } = control;
    if (this.visits === this.stageCount) throw new PolicyError('route', `visits more sites than the app has stages (${this.stageCount})`);
    const known = site >= 0 && site < control.siteCount && control.laneFor(requests.app[request], this.visits, site) !== NONE && !control.outages.isSiteLost(site);
    if (!known) throw new PolicyError('route', `site ${site} cannot run stage ${this.visits}, or cannot be reached`);
    requests.path[request * requests.stageCount + this.visits++] = site;
  }

  /** To be called when the policy is done. @throws PolicyError if a stage has no site */
  close(): void {
    if (this.visits < this.stageCount) throw new PolicyError('route', `sent the request to ${this.visits} sites, its app has ${this.stageCount} stages`);
  }
}
