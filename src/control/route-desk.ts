import type { RouteCommands, RouteView } from '../policy/contract.js';
import type { Control } from './control.js';
import { PolicyError } from './policy-error.js';

/** Where the routing policy looks and writes: the request that is being routed, and the path it gets. */
export class RouteDesk implements RouteView, RouteCommands {
  ordinal = 0;
  stageCount = 0;
  private readonly control: Control;
  private request = 0;
  private visits = 0;
  private stages: readonly { sites: readonly number[] }[] = [];

  constructor(control: Control) {
    this.control = control;
  }

  ask(request: number): void {
    const { requests, system } = this.control;
    this.request = request;
    this.stages = system.apps[requests.app[request]].stages;
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
    if (!this.stages[this.visits].sites.includes(site)) throw new PolicyError('route', `site ${site} cannot run stage ${this.visits}`);
    requests.path[this.request * requests.stageCount + this.visits++] = site;
  }

  close(): void {
    if (this.visits < this.stageCount) throw new PolicyError('route', `sent the request to ${this.visits} sites, its app has ${this.stageCount} stages`);
  }
}
