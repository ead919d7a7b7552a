import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import type { RequestRow } from '../../src/measurement/recorder.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { built } from '../experiment/built.js';
import { serving, type Running } from './serving.js';
import { shapedLink, type ShapedLink } from './shaped-link.js';

export const HEAVY_MS = 100;
export const LIGHT_MS = 20;

const running: { stop(signal: NodeJS.Signals): Promise<unknown> }[] = [];
const links: ShapedLink[] = [];

/** Ends all processes and links of a test. */
export async function endAll(): Promise<void> {
  await Promise.all(running.splice(0).map((process) => process.stop('SIGKILL')));
  await Promise.all(links.splice(0).map((link) => link.close()));
}

export function written(text: string): { file: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'corun-phone-'));
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return { file, folder };
}

/** Requests of the simulation in the order of their births. */
export async function simulated(file: string): Promise<RequestRow[][]> {
  const alternatives = await resolveAlternatives(await loadScenario(file, []));
  return Promise.all(
    alternatives.map(async (alternative) => {
      const { record, refused } = await replicate({ alternative, replication: 0, warmUpMs: 0, record: { rows: 1e6, spans: 0 } });
      expect(refused).toBeUndefined();
      return record!.requests.sort((a, b) => a.born_ms - b.born_ms);
    }),
  );
}

export async function serve(args: string[]): Promise<Running> {
  const server = await serving(args);
  running.push(server);
  return server;
}

export async function link(to: string | (() => string), uploadMs: (ordinal: number) => number): Promise<ShapedLink> {
  const made = await shapedLink(typeof to === 'string' ? () => to : to, uploadMs);
  links.push(made);
  return made;
}

export interface Phoned {
  ordinal: number;
  site?: string;
  model?: string;
  outcome: string;
  uploadMs?: number;
  dueMs: number;
  endedMs?: number;
}

/** Runs a client to its end. */
export function phoned(args: string[]): Promise<{ code: number | null; requests: Phoned[]; stderr: string }> {
  const child = spawn(process.execPath, [built('cli/main.js'), 'phone', ...args, '-b', 'fake', '--format', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push({ stop: async (signal) => void child.kill(signal) });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((done) => child.on('close', (code) => done({ code, requests: stdout === '' ? [] : (JSON.parse(stdout) as { requests: Phoned[] }).requests, stderr })));
}

export const chosen = (requests: readonly { site?: string; model?: string }[]): string[] => requests.map(({ site, model }) => `${site}/${model}`);
