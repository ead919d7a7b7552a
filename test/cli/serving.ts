import { spawn } from 'node:child_process';
import { built } from '../experiment/built.js';

export interface Running {
  url: string;
  /** What it has said on stderr so far. */
  said(): string;
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; stderr: string }>;
}

/** Starts the built program and waits until it serves. @throws if it ends before */
export function serving(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(process.execPath, [built('cli/main.js'), 'serve', ...args, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
  let stderr = '';
  const ended = new Promise<{ code: number | null; stderr: string }>((end) => child.on('close', (code) => end({ code, stderr })));
  return new Promise((ready, failed) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const url = / at (https?:[^\s"]+)/.exec(stderr)?.[1];
      if (url !== undefined) ready({ url, said: () => stderr, stop: (signal) => (child.kill(signal), ended) });
    });
    void ended.then(({ code }) => failed(new Error(`ended with ${code}: ${stderr}`)));
  });
}
