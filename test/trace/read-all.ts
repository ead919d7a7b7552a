import type { Arrivals } from '../../src/trace/arrivals.js';

/** Everything that a stream still has, read in blocks of a given length, and closes it. */
export async function readAll(arrivals: Arrivals, block = 1000): Promise<{ timeMs: number[]; sloMs: number[] }> {
  const timeMs: number[] = [];
  const sloMs: number[] = [];
  const times = new Float64Array(block);
  const slos = new Float64Array(block).fill(NaN);
  try {
    for (let count = await arrivals.read(times, slos); count > 0; count = await arrivals.read(times, slos)) {
      timeMs.push(...times.subarray(0, count));
      sloMs.push(...slos.subarray(0, count));
    }
  } finally {
    await arrivals.close();
  }
  return { timeMs, sloMs };
}
