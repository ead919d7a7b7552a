import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { Outcome } from '../../control/driver.js';
import { didYouMean } from '../../input/nearest.js';
import type { ModelSpec } from '../engines/engine.js';
import type { Executor } from '../executor.js';
import { BadRequest, readInferRequest, writeInferAnswer } from './tensors.js';
import { unusedConnections } from './unused-connections.js';

export interface ServerLimits {
  /** Longest body of a request, bytes. */
  bodyBytes: number;
  /** Most images in one request. */
  images: number;
  /** Most images that wait or are computed at the same time; one more is answered with 503 and Retry-After. */
  waiting: number;
  /** How long a client may take to send a request, ms. */
  requestMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = { bodyBytes: 32 * 1024 * 1024, images: 64, waiting: 1000, requestMs: 30_000 };

const VERSION = '1';
/** Node looks every 30 s whether a client has taken too long, unless it is told otherwise. */
const CHECKS_PER_LIMIT = 4;
const JSON_LENGTH = 'inference-header-content-length';

/**
 * An executor's apps over HTTP, by the Open Inference Protocol, version 2. Each app is a model of that name. The header
 * `x-slo-ms` says how long a request has until its deadline; without it the app's SLO counts.
 *
 * @param executor has begun
 * @returns a server that does not listen yet
 */
export function openServer(executor: Executor, limits: ServerLimits = DEFAULT_LIMITS): FastifyInstance {
  const { apps } = executor.control.system;
  const names = apps.map(({ name }) => name);
  const server = fastify({ bodyLimit: limits.bodyBytes, requestTimeout: limits.requestMs, logger: false, forceCloseConnections: 'idle', http: { connectionsCheckingInterval: limits.requestMs / CHECKS_PER_LIMIT, requestTimeout: limits.requestMs, headersTimeout: limits.requestMs } });
  const closeUnused = unusedConnections(server.server);

  // Bodies are read here, since JSON and binary tensors may share one.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => reply.code(error instanceof BadRequest ? 400 : (error.statusCode ?? 500)).send({ error: error.message }));
  server.setNotFoundHandler((request, reply) => reply.code(404).send({ error: `there is no ${request.method} ${request.url}` }));

  // A client that keeps its connection would hold up a server that stops, so the last answer on each says that it is the last.
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    closeUnused();
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });

  const find = (name: string, reply: FastifyReply): { app: number; model: ModelSpec } | undefined => {
    const app = names.indexOf(name);
    const lane = executor.control.laneSpecs.findIndex((spec) => spec.app === app);
    const model = app < 0 ? undefined : executor.models[lane];
    if (app < 0) reply.code(404).send({ error: `no model is called ${name}${didYouMean(name, names)}; there are ${names.join(', ')}` });
    else if (model === undefined) busy(reply, `model ${name} is not loaded`);
    return model && { app, model };
  };

  server.get('/v2', () => ({ name: 'corun', version: VERSION, extensions: ['binary_tensor_data'] }));
  server.get('/v2/health/live', (_request, reply) => reply.code(executor.failure === undefined ? 200 : 503).send({ live: executor.failure === undefined }));
  server.get('/v2/health/ready', (_request, reply) => reply.code(executor.isReady() ? 200 : 503).send({ ready: executor.isReady() }));
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    server.get<{ Params: { name: string } }>(path, ({ params: { name } }, reply) => {
      const found = find(name, reply);
      if (found === undefined) return reply;
      const { input, output, labels } = found.model;
      const told = ({ name: tensor, datatype, shape }: ModelSpec['input']) => ({ name: tensor, datatype, shape: [-1, ...shape] });
      return { name, versions: [VERSION], platform: 'tensorflowjs', inputs: [told(input)], outputs: [told(output)], ...(labels && { parameters: { labels } }) };
    });
    server.get<{ Params: { name: string } }>(`${path}/ready`, ({ params: { name } }, reply) => (find(name, reply) === undefined ? reply : reply.code(executor.isReady() ? 200 : 503).send({ name, ready: executor.isReady() })));
    server.post<{ Params: { name: string }; Body: Buffer | undefined }>(`${path}/infer`, async ({ params: { name }, body, headers }, reply) => {
      const found = find(name, reply);
      if (found === undefined) return reply;
      const length = headers[JSON_LENGTH];
      const request = readInferRequest(body ?? Buffer.alloc(0), length === undefined ? undefined : Number(length), found.model, limits.images);
      const sloMs = sloOf(headers['x-slo-ms'], apps[found.app].sloMs);
      if (executor.control.books.inSystem + request.images.length > limits.waiting) return busy(reply, `${limits.waiting} images wait already`);
      const ended = await Promise.all(request.images.map((image) => ask(executor, found.app, image, sloMs)));
      const bad = ended.find(({ outcome }) => outcome !== Outcome.answered);
      if (bad !== undefined) return bad.outcome === Outcome.failed ? reply.code(500).send({ error: whyFailed(executor) }) : busy(reply, bad.outcome === Outcome.rejected ? 'the policy rejected it' : 'the server stops');
      const { body: answer, jsonBytes } = writeInferAnswer(name, found.model, request, ended.map((one) => one.answer!));
      if (jsonBytes !== undefined) reply.header(JSON_LENGTH, jsonBytes);
      return reply.type(jsonBytes === undefined ? 'application/json' : 'application/octet-stream').send(answer);
    });
  }
  return server;
}

function sloOf(header: string | string[] | undefined, otherwise: number): number {
  if (header === undefined) return otherwise;
  const sloMs = Number(header);
  if (!(sloMs > 0 && sloMs < Infinity)) throw new BadRequest(`x-slo-ms must be a number of ms above 0, not ${JSON.stringify(header)}`);
  return sloMs;
}

const whyFailed = ({ failure }: Executor): string => (failure === undefined ? 'the worker failed, and so did its retries' : `the policy failed: ${failure.message}; the server has to be started again`);

function busy(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('retry-after', '1').send({ error });
}

const ask = (executor: Executor, app: number, image: Uint8Array, sloMs: number): Promise<{ outcome: Outcome; answer: Uint8Array | undefined }> =>
  new Promise((ended) => executor.submit(app, image, sloMs, (outcome, answer) => ended({ outcome, answer })));
