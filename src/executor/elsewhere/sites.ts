import type { Control } from '../../control/control.js';
import { NONE } from '../../policy/contract.js';
import type { ModelSpec } from '../engines/engine.js';
import { Kind } from '../log/happening.js';
import type { ReplyElsewhere, SiteElsewhere, SiteReport } from './site.js';

/** What the executor does for its sites elsewhere. */
export interface Teller {
  nowMs(): number;
  tell(kind: number, subject: number, value?: number): void;
  /** The answer to a request is there, and will be told. */
  answered(request: number, answer: Uint8Array, uploadMs: number): void;
  lost(site: number, isLost: boolean): void;
}

/** The sites that other processes run: sends requests there, and tells control what comes of them and how things stand there. */
export class SitesElsewhere {
  /** Requests whose reply has not come. */
  underWay = 0;
  private readonly control: Control;
  private readonly sites: ReadonlyMap<number, SiteElsewhere>;
  private readonly teller: Teller;
  /** What was told of each lane. */
  private readonly told: { loaded: number; serviceMs: number; accuracy: number }[] = [];
  private readonly lost = new Set<number>();
  /** What was reported before the clock began. */
  private early: (() => void)[] | undefined = [];

  constructor(control: Control, sites: ReadonlyMap<number, SiteElsewhere>, teller: Teller) {
    this.control = control;
    this.sites = sites;
    this.teller = teller;
  }

  /** @returns what the models of their lanes take and give, by lane @throws InputError if one of them is not there */
  async begin(): Promise<Map<number, ModelSpec>> {
    const specs = new Map<number, ModelSpec>();
    for (const [site, it] of this.sites) {
      const models = await it.begin({
        nowMs: () => performance.now(),
        reports: (report) => this.whenBegun(() => this.reports(site, report)),
        isLost: (isLost) => this.whenBegun(() => this.setLost(site, isLost)),
      });
      this.control.laneSpecs.forEach((lane, id) => {
        const spec = models.get(this.control.system.apps[lane.app].name);
        if (lane.site === site && spec !== undefined) specs.set(id, spec);
      });
    }
    return specs;
  }

  /** What was heard before is told now. */
  clockBegan(): void {
    const { early = [] } = this;
    this.early = undefined;
    for (const tell of early) tell();
  }

  send(request: number, site: number, image: Uint8Array): void {
    const { requests, system } = this.control;
    const sentMs = requests.sentMs[request];
    this.underWay++;
    // The site's clock is compared with that of this process, not with the executor's.
    const originMs = performance.now() - this.teller.nowMs();
    void this.sites
      .get(site)!
      .send({ app: system.apps[requests.app[request]].name, ordinal: requests.ordinal[request], image, sentMs: sentMs + originMs, sloMs: requests.deadlineMs[request] - sentMs })
      .then((reply) => {
        this.underWay--;
        this.replied(request, site, reply);
      });
  }

  end(): void {
    for (const site of this.sites.values()) site.end();
  }

  private replied(request: number, site: number, reply: ReplyElsewhere): void {
    const { teller, control } = this;
    if (reply.outcome === 'rejected') return teller.tell(Kind.rejectedElsewhere, request);
    if (reply.outcome === 'failed') {
      if (reply.isLost) this.setLost(site, true);
      return teller.tell(Kind.turnedBack, request);
    }
    const app = control.requests.app[request];
    teller.tell(Kind.uploadTook, app * control.siteCount + site, reply.uploadMs);
    const first = control.laneFor(app, 0, site);
    const lane = this.laneOf(app, site, reply.model);
    teller.answered(request, reply.answer, reply.uploadMs);
    teller.tell(Kind.answeredElsewhere, request, lane === NONE ? first : lane);
  }

  private reports(site: number, { lanes }: SiteReport): void {
    for (const { app, model, loaded, service_ms: serviceMs, accuracy } of lanes) {
      const lane = this.laneOf(this.control.system.apps.findIndex(({ name }) => name === app), site, model);
      if (lane === NONE) continue;
      const told = (this.told[lane] ??= { loaded: this.control.loadedWorkers[lane], serviceMs: this.control.measuredMs[lane], accuracy: this.control.accuracy[lane] });
      if (loaded !== told.loaded) this.teller.tell(Kind.loadedElsewhere, lane, loaded);
      if (serviceMs !== told.serviceMs) this.teller.tell(Kind.takesElsewhere, lane, serviceMs);
      if (accuracy !== null && accuracy !== told.accuracy) this.teller.tell(Kind.isRightElsewhere, lane, accuracy);
      Object.assign(told, { loaded, serviceMs, ...(accuracy !== null && { accuracy }) });
    }
  }

  private setLost(site: number, isLost: boolean): void {
    if (this.lost.has(site) === isLost) return;
    if (isLost) this.lost.add(site);
    else this.lost.delete(site);
    this.teller.lost(site, isLost);
    this.teller.tell(isLost ? Kind.siteLost : Kind.siteReturned, site);
  }

  private whenBegun(tell: () => void): void {
    if (this.early === undefined) tell();
    else this.early.push(tell);
  }

  private laneOf(app: number, site: number, model: string): number {
    return this.control.laneSpecs.findIndex((spec) => spec.app === app && spec.site === site && spec.model === model);
  }
}
