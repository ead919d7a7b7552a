import type { FastifyInstance } from 'fastify';
import type { Executor } from '../executor.js';
import { PAGE } from './page.js';
import type { ServingRecord } from './record.js';

/** `/metrics` for Prometheus, and `/v1/status`, from which the page draws. */
export function liveRoutes(server: FastifyInstance, record: ServingRecord): void {
  server.get('/metrics', async (_request, reply) => reply.type(record.registry.contentType).send(await record.registry.metrics()));
  server.get('/v1/status', () => record.status());
}

/** `/v1/site`: what a client that chooses between sites wants to know of this one, and the time by its clock. */
export function siteRoute(server: FastifyInstance, executor: Executor): void {
  const { control } = executor;
  server.get('/v1/site', () => ({
    now_ms: executor.nowMs,
    site: control.system.sites[0].name,
    lanes: control.laneSpecs.map(({ app, model }, lane) => ({
      app: control.system.apps[app].name,
      model,
      loaded: control.loadedWorkers[lane],
      service_ms: control.measuredMs[lane],
      accuracy: Number.isNaN(control.accuracy[lane]) ? null : control.accuracy[lane],
      queued: control.lanes[lane].length,
    })),
  }));
}

/** `/`: has nothing in it that a token would guard. */
export function pageRoute(server: FastifyInstance): void {
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'").send(PAGE));
}
