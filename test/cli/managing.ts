import { spawn } from 'node:child_process';
import { built } from '../experiment/built.js';

/** The manager as a process, which says its address. */
export function managing(folder: string, port = '0'): Promise<{ url: string; kill(): Promise<unknown> }> {
  const child = spawn(process.execPath, [built('cli/main.js'), 'repository', 'serve', folder, '--port', port], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((end) => child.on('close', end));
  return new Promise((ready) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = / at (http:\S+)/.exec(said)?.[1];
      if (url !== undefined) ready({ url, kill: () => (child.kill('SIGKILL'), ended) });
    });
  });
}
