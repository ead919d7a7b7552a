import { connect, type Socket } from 'node:net';
import { openServer, DEFAULT_LIMITS, type ServerLimits } from '../../src/executor/server/server.js';
import { fakeExecutor, type Choice, type Program } from './fake-system.js';
import type { ExecutorOptions } from '../../src/executor/options.js';

/** An executor on a fake accelerator that listens on a free port of this machine. */
export async function fakeServer(program: Program, choice: Choice = {}, options: Partial<ExecutorOptions> = {}, limits: Partial<ServerLimits> = {}) {
  const made = fakeExecutor(program, choice, options);
  await made.executor.begin();
  const server = openServer(made.executor, { ...DEFAULT_LIMITS, ...limits });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...made,
    server,
    url,
    port: Number(new URL(url).port),
    close: async () => {
      await server.close();
      await made.executor.stop(2000);
    },
  };
}

/** The body of a request for one image of which the fake model says that it is of this class. */
export const bodyOf = (label: number, more: object = {}): string => JSON.stringify({ id: String(label), inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(192).fill(label), ...more }] });

export interface HttpEnd {
  status: number;
  id: string | undefined;
  label: number | undefined;
  error: string | undefined;
}

/** Asks a model `a` for one image. */
export async function infer(url: string, body: string): Promise<HttpEnd> {
  const response = await fetch(`${url}/v2/models/a/infer`, { method: 'POST', body });
  const { id, outputs, error } = (await response.json()) as { id?: string; outputs?: { data: number[] }[]; error?: string };
  return { status: response.status, id, label: outputs?.[0].data.indexOf(1), error };
}

/** A connection on which nothing was sent yet. */
export const connection = (port: number): Promise<Socket> =>
  new Promise((connected, failed) => {
    const socket = connect(port, '127.0.0.1', () => connected(socket));
    socket.on('error', failed);
  });
