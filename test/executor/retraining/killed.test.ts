import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { StepReport } from '../../../src/executor/retraining/job.js';
import { stream } from '../../../src/random/stream.js';
import { built } from '../../experiment/built.js';

built('executor/retraining/job.js');
const PROGRAM = fileURLToPath(new URL('train-child.mjs', import.meta.url));
const EPOCHS = 8;
const STEPS = 12;

interface Run {
  begin: { position: { epoch: number; step: number } };
  steps: StepReport[];
  signal: NodeJS.Signals | null;
}

/** Trains in a process of its own, which is killed so long after so many steps; whatever it does then. */
async function train(folder: string, optimizer: string, killed?: { steps: number; afterMs: number }): Promise<Run> {
  const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
  const child = spawn(process.execPath, [PROGRAM, dist, folder, optimizer, String(EPOCHS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((done) => child.once('close', (_code, signal) => done(signal)));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (killed !== undefined && lines.length === killed.steps + 1) setTimeout(() => child.kill('SIGKILL'), killed.afterMs);
  }
  const signal = await ended;
  const [begin, ...steps] = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
  return { begin, steps, signal };
}

const numberOf = ({ epoch, step }: { epoch: number; step: number }): number => epoch * STEPS + step;

it.each(['momentum', 'adam'])('%s: killed at random moments, it goes on to the weights of a run without a break', async (optimizer) => {
  const folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'corun-killed-'))));
  try {
    const whole = await train(folders[0], optimizer);
    expect(whole.steps).toHaveLength(EPOCHS * STEPS);
    const random = stream(optimizer, 'kills');
    const lossAt = new Map(whole.steps.map((step) => [numberOf(step), step.loss]));
    let safe = 0;
    for (let kills = 0; kills < 4; kills++) {
      const { begin, steps, signal } = await train(folders[1], optimizer, { steps: 2 + Math.floor(13 * random()), afterMs: 8 * random() });
      expect(signal).toBe('SIGKILL');
      // Nothing that was said to be saved is lost, and every step is the step of the run without a break.
      expect(numberOf(begin.position)).toBeGreaterThanOrEqual(safe);
      for (const step of steps) expect(step.loss).toBe(lossAt.get(numberOf(step)));
      safe = Math.max(safe, ...steps.filter(({ checkpoint }) => checkpoint !== undefined).map((step) => numberOf(step) + 1));
    }
    expect(safe).toBeGreaterThan(0);
    const { begin, steps } = await train(folders[1], optimizer);
    expect(numberOf(begin.position)).toBeGreaterThanOrEqual(safe);
    const lastEpoch = (run: Run) => run.steps.at(-1)!.epochEnded;
    expect(lastEpoch({ begin, steps, signal: null })).toMatchObject({ loss: lastEpoch(whole)!.loss, accuracy: lastEpoch(whole)!.accuracy, images: 45 });
    const [one, other] = await Promise.all(folders.map((folder) => readFile(join(folder, 'final.bin'))));
    expect(other.equals(one)).toBe(true);
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
  }
}, 180_000);
