import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const directory = mkdtempSync(join(tmpdir(), 'corun-fit-'));
let count = 0;

/** A file with this text, for as long as the tests run. */
export function fileOf(text: string | Uint8Array, { gzip = false } = {}): string {
  const path = join(directory, `observations-${++count}.csv`);
  writeFileSync(path, gzip ? gzipSync(text) : text);
  return path;
}

export const HEAD = 'run,process,start_ms,workload,model,phase,inference_jobs,training_jobs,duration_ms';

/** Rows of 1 to `most` jobs, eight of each process, that take 10 + 4 n ms with a little scatter. */
export function plainRows(most = 4, runs = ['r']): string[] {
  let at = 0;
  return runs.flatMap((run) =>
    Array.from({ length: most }, (_, i) => i + 1).flatMap((n) =>
      Array.from({ length: n }, (_, p) => p).flatMap((p) => Array.from({ length: 8 }, (_, k) => `${run},${p},${(at += 10)},inference,cnn,${n === 1 ? 'solo' : 'steady'},${n},0,${((10 + 4 * n) * (1 + 0.01 * (((k * 7 + p * 3) % 9) - 4))).toFixed(3)}`)),
    ),
  );
}

export const csv = (rows: readonly string[], head = HEAD): string => `${[head, ...rows].join('\n')}\n`;
