import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../input/error.js';
import { backendNamed, backends } from './backends.js';
import { works, type Backend, type Found, type Unavailable } from './contract.js';

const PROBE = fileURLToPath(new URL('./probe.js', import.meta.url));

export interface Listed {
  name: string;
  about: string;
  found: Found | Unavailable;
}

/**
 * Looks for a backend in a process of its own, so that a driver that crashes or hangs is an answer as well.
 *
 * @param within how long to wait for the answer, ms
 * @param program the program of that process; another one in tests
 */
export function findBackend({ name, environment }: Pick<Backend, 'name' | 'environment'>, within = 30_000, program = PROBE): Promise<Found | Unavailable> {
  return new Promise((done) => {
    const child = fork(program, [name], { env: { ...environment, ...process.env }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, within);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    child.once('message', (answer) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      done(answer as Found | Unavailable);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const last = said.trim().split('\n').at(-1);
      const reason = late ? `it did not answer within ${within / 1000} s` : `its process ended with ${signal ?? `code ${code}`}${last ? `: ${last}` : ''}`;
      done({ reason, mend: 'see docs/backends.md for what it needs' });
    });
  });
}

/**
 * @param find looks for it; another one in tests
 * @throws InputError that says why it does not work, and what mends it
 */
export async function workingBackend(name: string, find: (backend: Backend) => Promise<Found | Unavailable> = findBackend): Promise<Found> {
  const found = await find(backendNamed(name));
  if (!works(found)) throw new InputError(`backend ${name}: ${found.reason}; ${found.mend}`);
  return found;
}

/** Looks for every backend, one after the other, in the order of the map. */
export async function findBackends(): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const backend of Object.values(backends)) listed.push({ name: backend.name, about: backend.about, found: await findBackend(backend) });
  return listed;
}
