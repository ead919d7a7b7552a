import { createServer, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Executor } from '../../../src/executor/executor.js';
import { RepositoryClient } from '../../../src/executor/repository/client.js';
import { Edge, type EdgeOptions } from '../../../src/executor/repository/edge.js';
import { openRepositoryServer } from '../../../src/executor/repository/server.js';
import { RepositoryStore } from '../../../src/executor/repository/store.js';
import { edgeOf, openServing, type Serving } from '../../../src/experiment/serving/open.js';
import { alternativeServed } from '../../../src/experiment/serving/served.js';
import { built } from '../../experiment/built.js';

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'corun-edge-'));

/** Weights of the fake engine, which moves its answers by the first byte; the rest makes them long. */
export function fakeWeights(shift: number, bytes = 8): string {
  const file = join(newFolder(), 'weights.bin');
  writeFileSync(file, Buffer.alloc(bytes, shift));
  return file;
}

/** One site with one accelerator, an app with these variants, a repository of them, and MODI's placement. */
export function scenarioWith({ models = ['m'], storageMiB, memoryMiB }: { models?: string[]; storageMiB?: number; memoryMiB?: number } = {}): string {
  const file = join(newFolder(), 'edge.yaml');
  writeFileSync(
    file,
    `schema: corun/scenario@1
duration_s: 10
workload:
  - { app: a, variants: [${models.join(', ')}], slo_ms: 1000, arrivals: { process: poisson, rate_rps: 1 } }
sites:
  - name: edge
${storageMiB === undefined ? '' : `    storage_mib: ${storageMiB}\n`}    accelerators:
      - profile:
          accelerator: { name: fake, memory_mib: ${memoryMiB ?? 1000} }
          models: { ${models.map((model, i) => `${model}: { solo_ms: 2, accuracy: ${0.9 - i / 10}, memory_mib: 10 }`).join(', ')} }
repository:
  models: [${models.map((model) => `{ model: ${model}, size_mib: 1 }`).join(', ')}]
alternatives:
  - { name: edge, select: modi, place: { policy: modi, every_s: 0.5 }, dispatch: fcfs }
`,
  );
  return file;
}

export interface Manager {
  store: RepositoryStore;
  url: string;
  close(): Promise<unknown>;
}

/** A repository that is served on a free port of this machine, or again on that of before. */
export async function manager(store = new RepositoryStore(newFolder()), port = 0): Promise<Manager & { server: FastifyInstance; port: number }> {
  const server = openRepositoryServer(store);
  const url = await server.listen({ host: '127.0.0.1', port });
  return { store, url, server, port: Number(new URL(url).port), close: () => server.close() };
}

/** The same, with files sent as the test says. */
export async function managerThat(store: RepositoryStore, sends: (response: ServerResponse, headers: { range: string | undefined }, sha256: string) => void): Promise<Manager> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/v1/repository') void store.text().then((text) => response.setHeader('content-type', 'application/json').end(text));
    else sends(response, { range: request.headers.range }, request.url!.slice('/v1/blobs/'.length));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    store,
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

export interface AtWork {
  executor: Executor;
  edge: Edge;
  told: { event: string; sentence: string }[];
}

/** An executor that pulls from there, not begun. */
export async function edgeFor(url: string, scenario: string, storage: string, more: Partial<EdgeOptions> = {}, serving: Partial<Serving> = {}): Promise<AtWork> {
  built('executor/worker/main.js');
  const alternative = await alternativeServed({ scenario, set: [] });
  const told: AtWork['told'] = [];
  const edge = await Edge.open(new RepositoryClient(url, { silentMs: 1000 }), storage, {
    ...edgeOf(alternative),
    pollMs: 30,
    firstPauseMs: 30,
    pulling: { pauseMs: 10 },
    tell: (_level, event, sentence) => told.push({ event, sentence }),
    ...more,
  });
  return { executor: await openServing(alternative, { backend: 'fake', models: {}, edge, ...serving }), edge, told };
}
