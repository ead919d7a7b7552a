import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { InputError } from '../../input/error.js';

/** @throws InputError for a port that is none */
export function refusePort(port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError(`--port ${port}: a whole number from 0 to 65535 is needed`);
}

/** Looks whether a port can be had, before what takes a while. @throws InputError if it cannot */
export function refuseTakenPort({ port, host }: { port: number; host: string }): Promise<void> {
  const probe = createServer();
  return new Promise((free, failed) => {
    probe.once('error', (error) => failed(explainListening(error, port, host)));
    probe.listen(port, host, () => probe.close(() => free()));
  });
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
    throw explainListening(error, port, host);
  }
}

/** What a failure to listen means for a user. */
export function explainListening(error: unknown, port: number, host: string): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const mend = '127.0.0.1 is for this machine alone, 0.0.0.0 for all its addresses';
  if (code === 'EADDRINUSE') return new InputError(`port ${port} on ${host} is in use; choose another with --port, or --port 0 for a free one`);
  if (code === 'EACCES') return new InputError(`port ${port} on ${host} is not allowed to this user; choose one from 1024 with --port`);
  if (code === 'EADDRNOTAVAIL') return new InputError(`--host ${host}: this machine has no such address; ${mend}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new InputError(`--host ${host}: there is no host of that name; ${mend}`);
  return new InputError(`cannot listen on ${host}, port ${port}: ${message}`);
}

/** Certificate and key, or nothing. @throws InputError if one is missing, or they are none */
export function tlsOf({ tlsCert, tlsKey }: { tlsCert?: string | undefined; tlsKey?: string | undefined }): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new InputError(`--tls-cert and --tls-key go together; --${tlsCert === undefined ? 'tls-cert' : 'tls-key'} is missing`);
  const [cert, key] = [bytesIn('--tls-cert', tlsCert), bytesIn('--tls-key', tlsKey)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new InputError(`${tlsCert} and ${tlsKey} are no certificate with its key, in PEM: ${(error as Error).message}`);
  }
  return { cert, key };
}

/** The token in a file. @throws InputError if there is none */
export function tokenIn(file: string): string {
  const token = bytesIn('--token-file', file).toString().trim();
  if (token === '') throw new InputError(`--token-file ${file}: it is empty; write a token into it`);
  return token;
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder; name a file',
  EACCES: 'this user may not read it',
};

function bytesIn(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(`${option} ${file}: ${Object.hasOwn(reasons, code) ? reasons[code] : `cannot be read (${code})`}`);
  }
}
