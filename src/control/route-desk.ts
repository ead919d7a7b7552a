import { Answer, NONE, type RouteCommands, type RouteView } from '../policy/contract.js';
import type { Control } from './control.js';
import { Leg } from './legs.js';
import { PolicyError } from './policy-error.js';

/** Where the routing policy looks and writes: the request that is being routed, and the path it gets. */
export class RouteDesk implements RouteView, RouteCommands {
  private readonly control: Control;
  stageCount = 0;
  private request = 0;
  private visits = 0;
  /** Lanes of a stage at a site, by the first of them. */
  private readonly lanesFrom: (readonly number[])[] = [];
  /** The sites of a second leg, and which answer counts; undefined while there is one leg only. */
  private second: number[] | undefined;
  private answer: Answer = Answer.first;
  private stages: readonly { sites: readonly number[] }[] = [];

  constructor(control: Control) {
    this.control = control;
  }

  /** Lays a request on the desk. @returns false if a stage has no site that can be reached, so that there is nothing to decide */
  open(request: number): boolean {
    const { outages, requests, system } = this.control;
    this.request = request;
    this.visits = 0;
    this.second = undefined;
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

  isDevice(site: number): boolean {
    return this.control.devices.isDevice[site] === 1;
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
    // A phone that is one has its models loaded.
    return this.control.loadedWorkers[lane] > 0 || this.isDevice(this.control.laneSpecs[lane].site);
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
    if (this.second !== undefined) {
      if (this.second.length === this.stageCount) throw new PolicyError('route', `visits more sites than the app has stages (${this.stageCount})`);
      this.check(site, this.second.length);
      this.second.push(site);
      return;
    }
    if (this.visits === this.stageCount) throw new PolicyError('route', `visits more sites than the app has stages (${this.stageCount})`);
    this.check(site, this.visits);
    requests.path[request * requests.stageCount + this.visits++] = site;
  }

  duplicate(answer: Answer): void {
    if (this.second !== undefined) throw new PolicyError('route', 'duplicates a request twice');
    if (this.visits < this.stageCount) throw new PolicyError('route', `duplicates a request before its ${this.stageCount} stages have their sites`);
    if (answer !== Answer.first && answer !== Answer.bestAtDeadline) throw new PolicyError('route', `duplicates with the answer ${String(answer)}; Answer.first (0) or Answer.bestAtDeadline (1) is needed`);
    this.second = [];
    this.answer = answer;
  }

  /** A second leg that is sent again, while the first is under way, and that the policy has no place for any more. */
  get hasNoPlace(): boolean {
    const { requests } = this.control;
    return this.second === undefined && (requests.legs[this.request] & Leg.second) !== 0 && requests.other[this.request] !== NONE;
  }

  /**
   * To be called when the policy is done.
   *
   * @returns the second leg's record, or NONE if there is none
   * @throws PolicyError if a stage has no site
   */
  close(): number {
    const { request, second, stageCount } = this;
    const { requests, legs } = this.control;
    if (this.visits < stageCount) throw new PolicyError('route', `sent the request to ${this.visits} sites, its app has ${stageCount} stages`);
    if (second === undefined) return NONE;
    if (second.length < stageCount) throw new PolicyError('route', `sent the second leg to ${second.length} sites, its app has ${stageCount} stages`);
    if (requests.legs[request] === 0) return legs.duplicate(request, second, this.answer);
    // One of two legs is sent again: it takes its own way, and no further leg is added.
    if ((requests.legs[request] & Leg.second) !== 0) for (const [stage, site] of second.entries()) requests.path[request * requests.stageCount + stage] = site;
    return NONE;
  }

  private check(site: number, stage: number): void {
    const { control } = this;
    const known = site >= 0 && site < control.siteCount && control.laneFor(control.requests.app[this.request], stage, site) !== NONE && !control.outages.isSiteLost(site);
    if (!known) throw new PolicyError('route', `site ${site} cannot run stage ${stage}, or cannot be reached`);
  }
}
