import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import bearerAuth from '@fastify/bearer-auth';
import fastify, { type FastifyInstance } from 'fastify';
import { unusedConnections } from '../server/unused-connections.js';
import { SHA256 } from './manifest.js';
import { rangeOf } from './range.js';
import type { RepositoryStore } from './store.js';

export interface RepositoryServerOptions {
  /** If there is one, all but health wants `Authorization: Bearer …`. */
  token?: string | undefined;
  /** Certificate and private key (PEM), to listen with TLS. */
  tls?: { cert: Buffer; key: Buffer } | undefined;
}

const REQUEST_MS = 30_000;

/**
 * A repository over HTTP: `GET /v1/repository` is its manifest, with an ETag; `GET /v1/blobs/:sha256` a file, or a range of its bytes.
 * It reads the folder for each request, so what others publish into it is served at once.
 *
 * @returns a server that does not listen yet
 */
export function openRepositoryServer(store: RepositoryStore, { token, tls }: RepositoryServerOptions = {}): FastifyInstance {
  const options = { requestTimeout: REQUEST_MS, logger: false, forceCloseConnections: 'idle' } as const;
  // Nothing here differs between the two kinds of server, but their types do.
  const server = tls === undefined ? fastify(options) : (fastify({ ...options, https: tls }) as unknown as FastifyInstance);
  const closeUnused = unusedConnections(server.server);
  server.addHook('preClose', (done) => {
    closeUnused();
    done();
  });
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => reply.code(error.statusCode ?? 500).send({ error: error.message }));
  server.setNotFoundHandler((request, reply) => reply.code(404).send({ error: `there is no ${request.method} ${request.url}; there are /v1/repository and /v1/blobs/SHA256` }));
  server.get('/v1/health', () => ({ live: true }));
  server.register(async (guarded) => {
    if (token !== undefined) await guarded.register(bearerAuth, { keys: new Set([token]), verifyErrorLogLevel: 'silent' });
    guarded.get('/v1/repository', async ({ headers }, reply) => {
      // Read as a manifest, so that a damaged one is an error here and not at every edge.
      await store.manifest();
      const text = await store.text();
      const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('application/json').send(text);
    });
    guarded.get<{ Params: { sha256: string } }>('/v1/blobs/:sha256', async ({ params: { sha256 }, headers }, reply) => {
      const found = SHA256.test(sha256) ? await stat(store.blob(sha256)).catch(() => undefined) : undefined;
      if (found === undefined) return reply.code(404).send({ error: `there is no file with the SHA-256 ${sha256}` });
      const { size } = found;
      const etag = `"${sha256}"`;
      reply.header('accept-ranges', 'bytes').header('etag', etag).header('cache-control', 'public, max-age=31536000, immutable').type('application/octet-stream');
      const condition = headers['if-range'];
      const range = condition === undefined || condition === etag ? rangeOf(headers.range, size) : undefined;
      if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).type('application/json').send({ error: `the file has ${size} bytes, and ${headers.range} asks for others` });
      if (range === undefined) return reply.header('content-length', size).send(createReadStream(store.blob(sha256)));
      const { first, last } = range;
      return reply
        .code(206)
        .header('content-range', `bytes ${first}-${last}/${size}`)
        .header('content-length', last - first + 1)
        .send(createReadStream(store.blob(sha256), { start: first, end: last }));
    });
  });
  return server;
}
