import { JobEnded } from './job-process.js';
import type { CellTools } from './measure-cell.js';
import type { Measured } from './measured.js';

/** More processes than this say nothing new, and a machine with very much memory would be loaded for ever. */
const MOST = 64;
const SETTLE_MS = 300;

/** Loads processes of a model one after the other until one finds the memory full. They stay idle: only memory is looked at. */
export async function measureMemory(model: string, { pool, meter, abort }: CellTools): Promise<Measured> {
  const usedMiB: number[] = [];
  let full = false;
  for (let loaded = 0; loaded < MOST && !full; loaded++) {
    try {
      await pool.serving(model, abort);
    } catch (error) {
      if (!(error instanceof JobEnded && error.outOfMemory)) throw error;
      full = true;
      break;
    }
    const tell = meter.sample();
    await new Promise((passed) => setTimeout(passed, SETTLE_MS));
    usedMiB.push(tell().memoryMiB ?? NaN);
  }
  return { series: [], warmUpMs: 0, steady: true, device: {}, memory: { loaded: usedMiB.length, full, usedMiB } };
}
