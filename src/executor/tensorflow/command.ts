import { spawn } from 'node:child_process';

/** What came of a command. */
export interface Outcome {
  /** Exit status; -1 where a signal ended it, or it could not be started. */
  status: number;
  stdout: string;
  stderr: string;
  /** Whether there is no such program. */
  absent: boolean;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called with what the command says as it says it. */
  onOutput?: (text: string) => void;
  signal?: AbortSignal;
}

/** Runs a program to its end, without a shell. */
export type RunCommand = (program: string, args: readonly string[], options?: CommandOptions) => Promise<Outcome>;

/** How much of a long output is kept, from its end; in characters. */
const KEPT = 200_000;

export const runCommand: RunCommand = (program, args, { cwd, env, onOutput, signal } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], signal });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8');
      child[stream].on('data', (text: string) => {
        said[stream] = (said[stream] + text).slice(-KEPT);
        onOutput?.(text);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(error);
      else resolve({ status: -1, ...said, stderr: `${said.stderr}${error.message}`, absent: error.code === 'ENOENT' });
    });
    child.on('close', (code) => resolve({ status: code ?? -1, ...said, absent: false }));
  });

/** The last lines of what a command said, for a message. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).map((line) => `  | ${line}`).join('\n');
}
