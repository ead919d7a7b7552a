import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { ResolvedAlternative, Workload } from '../../../src/scenario/scenario.js';
import type { RequestRow, RunRecord } from '../../../src/measurement/recorder.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A stream of requests that are born at exactly these times, or at [time, SLO]. */
export function at(births: readonly (number | readonly [number, number])[], more: Partial<Workload> = {}): Workload {
  const file = join(folder, `${files++}.csv`);
  const rows = births.map((birth) => (typeof birth === 'number' ? `${birth},` : birth.join()));
  writeFileSync(file, `time_ms,slo_ms\n${rows.join('\n')}\n`);
  return { app: 'a', stages: [{ model: 'm' }], trace: { format: 'corun-csv', file }, ...more };
}

/** Replication 0 of an alternative, in full. */
export async function record(system: ResolvedAlternative): Promise<RunRecord> {
  const replication = await replicate({ alternative: system, replication: 0, warmUpMs: 0, record: { rows: 10_000, spans: 10_000 } });
  if (replication.record === undefined) throw new Error(replication.refused);
  return replication.record;
}

/** The request that was born at this time. */
export function bornAt({ requests }: RunRecord, bornMs: number): RequestRow {
  const found = requests.filter((r) => r.born_ms === bornMs);
  if (found.length !== 1) throw new Error(`${found.length} requests were born at ${bornMs}`);
  return found[0];
}

/** When the request that was born at this time was answered. */
export const answerOf = (run: RunRecord, bornMs: number): number => bornAt(run, bornMs).answered_ms;
