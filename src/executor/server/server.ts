import bearerAuth from '@fastify/bearer-auth';
import fastify, { type FastifyInstance } from 'fastify';
import type { Executor } from '../executor.js';
import { Asking, busy } from './asking.js';
import { NoRoomForBody, readBodies } from './bodies.js';
import { classifyRoutes } from './classify.js';
import { IMAGE_LIMITS, type ImageLimits } from './decode.js';
import { labelRoutes } from './labels.js';
import { liveRoutes, pageRoute, siteRoute } from './live.js';
import { answerNotFound } from './not-found.js';
import { healthRoutes, protocolRoutes } from './protocol.js';
import { ServingRecord } from './record.js';
import type { RequestTrace } from './request-trace.js';
import { BadRequest } from './tensors.js';
import { unusedConnections } from './unused-connections.js';

export interface ServerLimits {
  /** Longest body of a request, bytes. */
  bodyBytes: number;
  /** Bytes of all bodies that are held at the same time; one more is answered with 503 and Retry-After. */
  bodiesBytes: number;
  /** Most images in one request. */
  images: number;
  /** Most images that wait or are computed at the same time; one more is answered with 503 and Retry-After. */
  waiting: number;
  /** How long a client may take to send a request, ms. */
  requestMs: number;
  /** Of photographs for /v1/classify. */
  image?: ImageLimits;
}

export interface ServerExtras {
  token?: string;
  requests?: RequestTrace;
  /** Certificate and private key (PEM), to listen with TLS. */
  tls?: { cert: Buffer; key: Buffer };
  /** Is told of every answer. */
  onAnswer?: (answer: { method: string; url: string; status: number; tookMs: number }) => void;
}

export const DEFAULT_LIMITS: ServerLimits = { bodyBytes: 32 * 1024 * 1024, bodiesBytes: 256 * 1024 * 1024, images: 64, waiting: 1000, requestMs: 30_000, image: IMAGE_LIMITS };

/** Node looks every 30 s whether a client has taken too long, unless it is told otherwise. */
const CHECKS_PER_LIMIT = 4;

/**
 * An executor's apps over HTTP: the Open Inference Protocol, photographs, metrics and a page. The header `x-slo-ms` says how long a
 * request has until its deadline; without it the app's SLO counts.
 *
 * @param executor may begin later; until then models are answered to be not loaded
 * @param extras.requests is told every well-formed request for a loaded model, also one that is refused for lack of room
 * @param extras.token if there is one, all but health and the empty page wants `Authorization: Bearer …`
 * @returns a server that does not listen yet
 */
export function openServer(executor: Executor, limits: ServerLimits = DEFAULT_LIMITS, { token, requests, tls, onAnswer }: ServerExtras = {}): FastifyInstance {
  const times = { connectionsCheckingInterval: limits.requestMs / CHECKS_PER_LIMIT, requestTimeout: limits.requestMs, headersTimeout: limits.requestMs };
  const options = { bodyLimit: limits.bodyBytes, requestTimeout: limits.requestMs, logger: false, forceCloseConnections: 'idle' } as const;
  // Nothing here differs between the two kinds of server, but their types do.
  const server = tls === undefined ? fastify({ ...options, http: times }) : (fastify({ ...options, https: { ...times, ...tls } }) as unknown as FastifyInstance);
  const closeUnused = unusedConnections(server.server);

  readBodies(server, limits);
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof NoRoomForBody) return busy(reply.header('connection', 'close'), error.message);
    return reply.code(error instanceof BadRequest ? 400 : (error.statusCode ?? 500)).send({ error: error.message });
  });
  answerNotFound(server);

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

  if (onAnswer !== undefined)
    server.addHook('onResponse', ({ method, url }, { statusCode: status, elapsedTime: tookMs }, done) => {
      onAnswer({ method, url, status, tookMs });
      done();
    });

  const record = new ServingRecord(executor);
  const asking = new Asking(executor, record, limits.waiting, requests);
  healthRoutes(server, asking);
  pageRoute(server);
  server.register(async (guarded) => {
    if (token !== undefined) await guarded.register(bearerAuth, { keys: new Set([token]), verifyErrorLogLevel: 'silent' });
    protocolRoutes(guarded, asking, limits.images);
    classifyRoutes(guarded, asking, limits.image ?? IMAGE_LIMITS);
    labelRoutes(guarded, asking, record);
    liveRoutes(guarded, record);
    siteRoute(guarded, executor);
  });
  return server;
}
