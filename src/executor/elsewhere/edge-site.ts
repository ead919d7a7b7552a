import { setTimeout as later } from 'node:timers/promises';
import { InputError } from '../../input/error.js';
import type { ModelSpec } from '../engines/engine.js';
import { EdgeClock } from './edge-clock.js';
import type { ReplyElsewhere, RequestElsewhere, SiteElsewhere, SiteListener, SiteReport } from './site.js';

/** How a site is asked. */
export interface EdgeOptions {
  /** Name of the site in the scenario, which the server must be. */
  site: string;
  /** Of its server, before /v2. */
  url: string;
  token?: string;
  /** Apps that requests of may go there. */
  apps: readonly string[];
  /** Pause between two looks at how things stand there. */
  lookEveryMs?: number;
}

const LOOK_EVERY_MS = 500;
const LOOK_TIMEOUT_MS = 2000;
/** Looks before the first request, for the clock. */
const FIRST_LOOKS = 5;
/** A request whose answer nobody has a time for is given up after so long; one with an SLO after ten of those, if that is longer. */
const LONGEST_ANSWER_MS = 60_000;
const SLOS_PER_ANSWER = 10;
const JSON_LENGTH = 'inference-header-content-length';

const elementsIn = ({ shape }: ModelSpec['input']): number => shape.reduce((product, n) => product * n, 1);

/** A site that `corun serve --site` runs, over HTTP: the Open Inference Protocol, and `GET /v1/site` for how things stand there. */
export class EdgeSite implements SiteElsewhere {
  private readonly options: EdgeOptions;
  private readonly clock = new EdgeClock();
  private readonly models = new Map<string, ModelSpec>();
  private readonly ending = new AbortController();
  private listener!: SiteListener;

  constructor(options: EdgeOptions) {
    this.options = options;
  }

  async begin(listener: SiteListener): Promise<ReadonlyMap<string, ModelSpec>> {
    this.listener = listener;
    const { url, site, apps } = this.options;
    try {
      for (let i = 0; i < FIRST_LOOKS; i++) await this.look();
      for (const app of apps) this.models.set(app, await this.specOf(app));
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`nobody answers for site ${site} at ${url}: ${reasonOf(error)}; start it there with corun serve SCENARIO --site ${site}`);
    }
    void this.goOnLooking();
    return this.models;
  }

  async send({ app, ordinal, image, sentMs, sloMs }: RequestElsewhere): Promise<ReplyElsewhere> {
    const { input } = this.models.get(app)!;
    const datatype = image.length === elementsIn(input) ? 'UINT8' : input.datatype;
    const told = { id: `${app}-${ordinal}`, inputs: [{ name: input.name, datatype, shape: [1, ...input.shape], parameters: { binary_data_size: image.length } }], parameters: { binary_data_output: true } };
    const head = Buffer.from(JSON.stringify(told));
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream', [JSON_LENGTH]: String(head.length), 'x-corun-sent-ms': String(this.clock.theirsAt(sentMs)) };
    if (sloMs < Infinity) headers['x-slo-ms'] = String(sloMs);
    try {
      const response = await this.ask(`/v2/models/${encodeURIComponent(app)}/infer`, { method: 'POST', headers, body: Buffer.concat([head, image]) }, sloMs < Infinity ? Math.max(LONGEST_ANSWER_MS, SLOS_PER_ANSWER * sloMs) : LONGEST_ANSWER_MS);
      const body = new Uint8Array(await response.arrayBuffer());
      if (response.status === 503 || response.status === 429) return { outcome: 'rejected' };
      if (!response.ok) return { outcome: 'failed', why: `${response.status} ${Buffer.from(body.subarray(0, 300)).toString()}`, isLost: false };
      return {
        outcome: 'answered',
        answer: body.subarray(Number(response.headers.get(JSON_LENGTH) ?? 0)),
        model: response.headers.get('x-corun-model') ?? '',
        uploadMs: Number(response.headers.get('x-corun-upload-ms') ?? 0),
      };
    } catch (error) {
      return { outcome: 'failed', why: reasonOf(error), isLost: (error as Error).name !== 'TimeoutError' };
    }
  }

  end(): void {
    this.ending.abort();
  }

  /** Looks again and again, and says when nobody answers any more, and when somebody does again. */
  private async goOnLooking(): Promise<void> {
    const { lookEveryMs = LOOK_EVERY_MS } = this.options;
    for (;;) {
      try {
        await later(lookEveryMs, undefined, { signal: this.ending.signal, ref: false });
      } catch {
        return;
      }
      try {
        await this.look();
        this.listener.isLost(false);
      } catch {
        if (!this.ending.signal.aborted) this.listener.isLost(true);
      }
    }
  }

  private async look(): Promise<void> {
    const askedMs = this.listener.nowMs();
    const response = await this.ask('/v1/site', {}, LOOK_TIMEOUT_MS);
    if (!response.ok) throw new Error(`it answers ${response.status} to GET /v1/site`);
    const { now_ms, site, ...report } = (await response.json()) as SiteReport & { now_ms: number; site: string };
    if (site !== this.options.site) throw new InputError(`the server at ${this.options.url} is site ${String(site)}, not ${this.options.site}; start it with corun serve SCENARIO --site ${this.options.site}`);
    this.clock.add({ askedMs, heardMs: this.listener.nowMs(), theirsMs: now_ms });
    this.listener.reports(report);
  }

  private async specOf(app: string): Promise<ModelSpec> {
    const response = await this.ask(`/v2/models/${encodeURIComponent(app)}`, {}, LOOK_TIMEOUT_MS);
    if (!response.ok) throw new InputError(`site ${this.options.site} at ${this.options.url} does not serve app ${app}: ${response.status} ${await response.text()}`);
    const { inputs, outputs } = (await response.json()) as { inputs: ModelSpec['input'][]; outputs: ModelSpec['output'][] };
    const one = (tensor: ModelSpec['input']): ModelSpec['input'] => ({ ...tensor, shape: tensor.shape.slice(1) });
    return { input: one(inputs[0]), output: one(outputs[0]) };
  }

  private ask(path: string, options: RequestInit, timeoutMs: number): Promise<Response> {
    const { url, token } = this.options;
    const headers = { ...options.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    return fetch(`${url.replace(/\/$/, '')}${path}`, { ...options, headers, signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.ending.signal]) });
  }
}

/** fetch says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
