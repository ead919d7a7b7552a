import type { FastifyReply } from 'fastify';
import { Outcome } from '../../control/driver.js';
import { didYouMean } from '../../input/nearest.js';
import type { ModelSpec } from '../engines/engine.js';
import type { Executor } from '../executor.js';
import type { AnsweredBy } from '../options.js';
import type { ServingRecord } from './record.js';
import { GivenAnswers } from './given-answers.js';
import type { RequestTrace } from './request-trace.js';
import { BadRequest } from './tensors.js';

export interface Answered {
  answer: Uint8Array;
  /** For a label that comes later. */
  id: string;
}

/** What all ways of asking have in common: finding the app, not taking too much in, and saying what became of it. */
export class Asking {
  readonly names: readonly string[];
  /** Images that are being decoded: they wait as well. */
  decoding = 0;
  /** What was answered lately, for labels that come later. */
  readonly given = new GivenAnswers();
  readonly executor: Executor;
  private readonly record: ServingRecord;
  private readonly mostWaiting: number;
  private readonly requests: RequestTrace | undefined;

  constructor(executor: Executor, record: ServingRecord, mostWaiting: number, requests?: RequestTrace) {
    this.requests = requests;
    this.executor = executor;
    this.record = record;
    this.mostWaiting = mostWaiting;
    this.names = executor.control.system.apps.map(({ name }) => name);
  }

  /** The app of that name and what its loaded model takes; else it has answered, and there is nothing to do. */
  find(name: string, reply: FastifyReply): { app: number; model: ModelSpec } | undefined {
    const app = this.names.indexOf(name);
    const { models, control } = this.executor;
    const model = app < 0 ? undefined : models.find((spec, lane) => spec !== undefined && control.laneSpecs[lane].app === app);
    if (app < 0) reply.code(404).send({ error: `no model is called ${name}${didYouMean(name, this.names) || '.'} Allowed: ${this.names.join(', ')}` });
    else if (model === undefined || this.executor.nowMs === 0) busy(reply, `model ${name} is not loaded; /v2/health/ready answers 200 once it is`);
    else return { app, model };
    return undefined;
  }

  /** Notes so many images as asked for, and says whether they may come in; else it has answered. */
  admit(app: number, images: number, sloMs: number, reply: FastifyReply): boolean {
    const { nowMs } = this.executor;
    for (let i = 0; i < images; i++) this.requests?.add(this.names[app], nowMs, sloMs);
    if (this.executor.control.books.inSystem + this.decoding + images <= this.mostWaiting) return true;
    busy(reply, `${this.mostWaiting} images wait already`);
    return false;
  }

  /**
   * Asks, and says in the headers of the reply which models answered and how long the request was on its way.
   *
   * @param bornMs as `bornOf` reads it
   * @returns the answers with their ids, one per image; undefined if it has answered why there are none
   */
  async ask(app: number, images: readonly Uint8Array[], sloMs: number, reply: FastifyReply, bornMs?: number): Promise<Answered[] | undefined> {
    const ended = await Promise.all(images.map((image) => this.one(app, image, sloMs, bornMs)));
    const bad = ended.find(({ outcome }) => outcome !== Outcome.answered);
    if (bad === undefined) {
      const { laneSpecs } = this.executor.control;
      reply.header('x-corun-model', ended.map(({ by }) => laneSpecs[by!.lane].model).join(','));
      if (bornMs !== undefined) reply.header('x-corun-upload-ms', String(ended[0].by!.uploadMs));
      return ended.map(({ answer, by }) => ({ answer: answer!, id: this.given.add(app, answer!, by) }));
    }
    if (bad.outcome === Outcome.failed) reply.code(500).send({ error: whyFailed(this.executor) });
    else busy(reply, bad.outcome === Outcome.rejected ? 'the policy rejected it' : 'the server stops');
    return undefined;
  }

  sloOf(header: string | string[] | undefined, app: number): number {
    if (header === undefined) return this.executor.control.system.apps[app].sloMs;
    const sloMs = Number(header);
    if (!(sloMs > 0 && sloMs < Infinity)) throw new BadRequest(`x-slo-ms must be a number of ms above 0, not ${JSON.stringify(header)}`);
    return sloMs;
  }

  /** When a request was sent, by this server's clock (`GET /v1/site`), which a client says that has asked for it; undefined where none does. */
  bornOf(header: string | string[] | undefined): number | undefined {
    if (header === undefined) return undefined;
    const sentMs = Number(header);
    if (!Number.isFinite(sentMs)) throw new BadRequest(`x-corun-sent-ms must be a time in ms by the clock of GET /v1/site, not ${JSON.stringify(header)}`);
    // Clocks are compared to within some ms only, so a request may seem to come from the future; from the past before there was a server none comes.
    return Math.min(Math.max(0, sentMs), this.executor.nowMs);
  }

  private one(app: number, image: Uint8Array, sloMs: number, bornMs: number | undefined): Promise<{ outcome: Outcome; answer: Uint8Array | undefined; by: AnsweredBy | undefined }> {
    const sinceMs = performance.now();
    return new Promise((ended) =>
      this.executor.submit(
        app,
        image,
        sloMs,
        (outcome, answer, by) => {
          this.record.ended(this.names[app], outcome, performance.now() - sinceMs);
          ended({ outcome, answer, by });
        },
        bornMs,
      ),
    );
  }
}

export function busy(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('retry-after', '1').send({ error });
}

const whyFailed = ({ failure }: Executor): string => (failure === undefined ? 'the worker failed, and so did its retries' : `the policy failed: ${failure.message}; the server has to be started again`);
