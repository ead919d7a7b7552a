import { spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { built } from '../experiment/built.js';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built program. */
export function corun(args: string[], options: SpawnSyncOptions = {}): Ran {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [built('cli/main.js'), ...args], { ...options, encoding: 'utf8', env: { ...process.env, ...options.env } });
  if (error) throw error;
  return { code: status, stdout: String(stdout), stderr: String(stderr) };
}

/** Runs the built program and sends it SIGINT after so many ms. */
export function interrupted(args: string[], afterMs: number): Promise<Ran & { signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [built('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  setTimeout(() => child.kill('SIGINT'), afterMs);
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, ...said })));
}

/** A user's mistake: exit code 2, nothing on stdout, one message on stderr and no stack trace. */
export function mistake({ code, stdout, stderr }: Ran): string {
  if (code !== 2) throw new Error(`exit code ${code}: ${stderr}${stdout.slice(0, 200)}`);
  if (stdout !== '') throw new Error(`stdout: ${stdout.slice(0, 200)}; stderr: ${stderr}`);
  if (/^\s+at /m.test(stderr)) throw new Error(`a stack trace: ${stderr}`);
  return stderr;
}
