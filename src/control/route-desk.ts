import { NONE, type RouteCommands, type RouteView } from '../policy/contract.js';
import type { Control } from './control.js';
import { PolicyError } from './policy-error.js';

/** Where the routing policy looks and writes: the request that is being routed, and the path it gets. */
export class RouteDesk implements RouteView, RouteCommands {
  ordinal = 0;
  stageCount = 0;
  private readonly control: Control;
  private request = 0;
  private app = 0;
  private visits = 0;
  private stages: readonly { sites: readonly number[] }[] = [];

  constructor(control: Control) {
    this.control = control;
  }

  ask(request: number): void {
    const { requests, system } = this.control;
    this.request = request;
    this.app = requests.app[request];
    this.stages = system.apps[this.app].stages;
    this.stageCount = this.stages.length;
    this.ordinal = requests.ordinal[request];
    this.visits = 0;
  }

  sitesOf(stage: number): readonly number[] {
    return this.stages[stage].sites;
  }

  visit(site: number): void {
    const { requests } = this.control;
    if (this.visits === this.stageCount) throw new PolicyError('route', `visits more sites than the app has stages (${this.stageCount})`);
    const known = site >= 0 && site < this.control.system.sites.length && this.control.laneFor(this.app, this.visits, site) !== NONE;
    if (!known) throw new PolicyError('route', `site ${site} cannot run stage ${this.visits}`);
    requests.path[this.request * requests.stageCount + this.visits++] = site;
  }

  close(): void {
    if (this.visits < this.stageCount) throw new PolicyError('route', `sent the request to ${this.visits} sites, its app has ${this.stageCount} stages`);
  }
}
