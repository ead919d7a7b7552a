import { createServer } from 'node:net';
import { InputError } from '../../input/error.js';

/** What a failure to listen means for a user. */
export function explainListening(error: unknown, port: number, host: string): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new InputError(`port ${port} on ${host} is in use; choose another with --port, or --port 0 for a free one`);
  if (code === 'EACCES') return new InputError(`port ${port} on ${host} is not allowed to this user; choose one from 1024 with --port`);
  if (code === 'EADDRNOTAVAIL') return new InputError(`--host ${host}: this machine has no such address; 127.0.0.1 is for this machine alone, 0.0.0.0 for all its addresses`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new InputError(`--host ${host}: there is no host of that name; 127.0.0.1 is for this machine alone, 0.0.0.0 for all its addresses`);
  return new InputError(`cannot listen on ${host}, port ${port}: ${message}`);
}

/** Looks whether a port can be had before models are timed, which takes a while. @throws InputError if it cannot */
export function refusePort(port: number, host: string): Promise<void> {
  const probe = createServer();
  return new Promise((free, failed) => {
    probe.once('error', (error) => failed(explainListening(error, port, host)));
    probe.listen(port, host, () => probe.close(() => free()));
  });
}
