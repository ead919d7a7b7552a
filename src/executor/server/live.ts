import type { FastifyInstance } from 'fastify';
import { PAGE } from './page.js';
import type { ServingRecord } from './record.js';

/** `/metrics` for Prometheus, and `/v1/status`, from which the page draws. */
export function liveRoutes(server: FastifyInstance, record: ServingRecord): void {
  server.get('/metrics', async (_request, reply) => reply.type(record.registry.contentType).send(await record.registry.metrics()));
  server.get('/v1/status', () => record.status());
}

/** `/`: has nothing in it that a token would guard. */
export function pageRoute(server: FastifyInstance): void {
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'").send(PAGE));
}
