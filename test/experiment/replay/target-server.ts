import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TraceRow } from '../../../src/trace/write.js';

export interface Received {
  atMs: number;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface TargetServer {
  url: string;
  received: Received[];
  /** Requests that were at the server at the same time, at most. */
  mostOpen(): number;
  close(): Promise<void>;
}

export type Behaviour = (received: Received, index: number, response: ServerResponse) => void | Promise<void>;

const document = (response: ServerResponse, status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const answer = (response: ServerResponse): void => document(response, 200, { model_name: 'm', outputs: [] });
export const refuse = (response: ServerResponse, status: number, error: string): void => document(response, status, { error });

/** A server of the protocol with one model `m`, which answers as a test says. */
export async function targetServer(behave: Behaviour, { extensions = ['binary_tensor_data'], inputs = [{ name: 'input', datatype: 'UINT8', shape: [-1, 2, 3] }] as unknown[] } = {}): Promise<TargetServer> {
  const received: Received[] = [];
  let open = 0;
  let most = 0;
  const sinceMs = performance.now();
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = request.url!;
      if (path === '/v2') return document(response, 200, { name: 'test', extensions });
      if (path === '/v2/models/m') return document(response, 200, { name: 'm', inputs });
      if (path === '/v2/repository/index') return document(response, 200, [{ name: 'm' }, { name: 'resnet50' }]);
      if (path !== '/v2/models/m/infer') return refuse(response, 404, 'no such model');
      const one = { atMs: performance.now() - sinceMs, path, headers: request.headers, body: Buffer.concat(pieces) };
      received.push(one);
      most = Math.max(most, ++open);
      response.on('close', () => open--);
      void behave(one, received.length - 1, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    mostOpen: () => most,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** So many requests at even distances. */
export async function* evenly(count: number, everyMs: number, more: Partial<TraceRow> = {}): AsyncGenerator<TraceRow> {
  for (let i = 0; i < count; i++) yield { timeMs: i * everyMs, ...more };
}
