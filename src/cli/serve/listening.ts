import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { InputError } from '../../input/error.js';

/** @throws InputError for a port that is none */
export function refusePort(port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError(`--port ${port}: a whole number from 0 to 65535 is needed`);
}

/** Resolves with 0 at the first signal to stop. */
export function signals(): Promise<number> {
  return new Promise((stopped) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped(0));
  });
}

/** @returns its URL @throws InputError if the address cannot be had */
export async function listen(server: FastifyInstance, { port, host }: { port: number; host: string }): Promise<string> {
  try {
    return await server.listen({ port, host });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new InputError(`port ${port} on ${host} is in use; choose another with --port, or --port 0 for a free one`);
    if (code === 'EACCES') throw new InputError(`port ${port} on ${host} is not allowed to this user; choose one from 1024 with --port`);
    throw new InputError(`cannot listen on ${host}, port ${port}: ${message}`);
  }
}

/** Certificate and key, or nothing. @throws InputError if one is missing, or they are none */
export function tlsOf({ tlsCert, tlsKey }: { tlsCert?: string | undefined; tlsKey?: string | undefined }): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new InputError(`--tls-cert and --tls-key go together; --${tlsCert === undefined ? 'tls-cert' : 'tls-key'} is missing`);
  const [cert, key] = [bytesIn(tlsCert), bytesIn(tlsKey)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new InputError(`${tlsCert} and ${tlsKey} are no certificate with its key, in PEM: ${(error as Error).message}`);
  }
  return { cert, key };
}

function bytesIn(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** The token in a file. @throws InputError if there is none */
export function tokenIn(file: string): string {
  const token = bytesIn(file).toString().trim();
  if (token === '') throw new InputError(`${file}: it is empty; write a token into it`);
  return token;
}
