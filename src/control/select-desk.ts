import { Event, NONE, type SelectCommands, type SelectView } from '../policy/contract.js';
import type { Control, Hired } from './control.js';
import { PolicyError } from './policy-error.js';

/** The variants of one stage at one site, and which of them were loaded when that last changed anywhere. */
interface Group {
  loaded: number[];
  cold: number[];
  asOf: number;
}

/** Where a site's select policy looks and writes: the request that arrived, and the variants that could answer it. */
export class SelectDesk implements SelectView, SelectCommands {
  lanes: readonly number[] = [];
  cold: readonly number[] = [];
  private readonly control: Control;
  private readonly hired: Hired<'select'>;
  /** By the lane of the first variant. */
  private readonly groups: Group[] = [];
  private request = 0;
  private chosen = NONE;

  constructor(control: Control, hired: Hired<'select'>) {
    this.control = control;
    this.hired = hired;
  }

  /**
   * Asks which variant is to answer a request, if there are several to choose from.
   *
   * @param first lane of the stage's first variant at this site
   * @returns the lane that the request joins
   * @throws PolicyError if the policy chooses none
   */
  laneFor(request: number, first: number): number {
    const { loaded, cold } = this.groupAt(first);
    if (loaded.length === 1) return loaded[0];
    const { control, hired } = this;
    this.request = request;
    this.lanes = loaded;
    this.cold = cold;
    this.chosen = NONE;
    hired.decision.on(Event.arrived, control.requests.app[request], control.nowMs, this, this);
    if (this.chosen === NONE) throw new PolicyError('select', `${hired.definition.name} chose no variant; call out.choose(lane) with one of view.lanes`);
    return this.chosen;
  }

  model(lane: number): string {
    return this.control.laneSpecs[lane].model;
  }

  accuracy(lane: number): number {
    return this.control.accuracy[lane];
  }

  profiledMs(lane: number): number {
    return this.control.serviceTimes.profiledMs[lane];
  }

  profiledSdMs(lane: number): number {
    return this.control.serviceTimes.profiledSdMs[lane];
  }

  measuredMs(lane: number): number {
    return this.control.serviceTimes.meanMs[lane];
  }

  measuredSdMs(lane: number): number {
    return this.control.serviceTimes.sdMs(lane);
  }

  queued(lane: number): number {
    return this.control.lanes[lane].length;
  }

  get uploadMs(): number {
    return this.control.nowMs - this.control.requests.sentMs[this.request];
  }

  get leftMs(): number {
    return this.control.requests.deadlineMs[this.request] - this.control.nowMs;
  }

  get sloMs(): number {
    return this.control.requests.deadlineMs[this.request] - this.control.requests.bornMs[this.request];
  }

  choose(lane: number): void {
    if (!this.lanes.includes(lane)) throw new PolicyError('select', `chooses lane ${lane}, which is not one of view.lanes (${this.lanes.join(', ')})`);
    this.chosen = lane;
  }

  private groupAt(first: number): Group {
    const { control } = this;
    let group = this.groups[first];
    if (group === undefined) this.groups[first] = group = { loaded: [], cold: [], asOf: NONE };
    if (group.asOf === control.loadedChanges) return group;
    group.asOf = control.loadedChanges;
    group.loaded = [];
    group.cold = [];
    const isDevice = control.devices.isDevice[control.laneSpecs[first].site] === 1;
    for (let lane = first; lane < first + control.variants[first]; lane++) (isDevice || control.loadedWorkers[lane] > 0 ? group.loaded : group.cold).push(lane);
    if (group.loaded.length === 0) [group.loaded, group.cold] = [group.cold, group.loaded];
    return group;
  }
}
