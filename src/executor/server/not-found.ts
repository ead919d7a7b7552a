import type { FastifyInstance } from 'fastify';
import { didYouMean } from '../../input/nearest.js';

interface Route {
  method: string;
  url: string;
  pattern: RegExp;
}

/** Answers what no route takes: by the method that the path does take, or by the paths that there are. Call it before the routes are added. */
export function answerNotFound(server: FastifyInstance): void {
  const routes: Route[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, url, pattern: new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}/?$`) });
  });
  server.setNotFoundHandler(({ method, url }, reply) => {
    const path = url.replace(/\?.*/s, '');
    const allowed = routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method);
    if (allowed.length > 0 && !allowed.includes(method)) return reply.code(405).header('allow', allowed.join(', ')).send({ error: `${path} takes ${allowed.join(' and ')}, not ${method}` });
    const paths = [...new Set(routes.map((route) => route.url))];
    return reply.code(404).send({ error: `there is no ${path}${didYouMean(path, paths)}; the paths are ${paths.filter((one) => !one.includes(':version')).join(', ')}` });
  });
}
