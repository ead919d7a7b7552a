import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What a function of compared.ts returns, called in a process of its own. @throws with its last words */
export function inOwnProcess<T>(name: string, given: readonly unknown[], env: NodeJS.ProcessEnv = process.env): T {
  const { stdout, stderr } = spawnSync(process.execPath, [here('in-own-process.mjs'), here('compared.ts'), name, JSON.stringify(given)], { env, encoding: 'utf8', timeout: 280_000 });
  const line = stdout.split('\n').findLast((text) => /^[[{]/.test(text));
  if (line === undefined) throw new Error(`no answer: ${stderr.slice(-1500)}`);
  return JSON.parse(line) as T;
}
