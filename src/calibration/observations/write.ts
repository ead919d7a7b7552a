import { jobsOf, type Cell } from '../plan/cell.js';
import type { Entry } from '../journal/journal.js';
import type { Series } from '../measure/series.js';
import type { ColumnName } from './columns.js';

const header = [
  'run', 'process', 'start_ms', 'workload', 'model', 'batch', 'phase', 'mode', 'offered_rps', 'inference_jobs', 'training_jobs', 'training_model', 'training_batch', 'neighbours',
  'duration_ms', 'decode_ms', 'upload_ms', 'readback_ms', 'accelerator_busy', 'host_busy', 'clock_mhz', 'power_w', 'memory_mib',
] as const satisfies readonly ColumnName[];

type Row = Partial<Record<ColumnName, string | number>>;

/** A model's name as a field: quoted where it has to be. */
const field = (value: string | number | undefined): string => (value === undefined ? '' : typeof value === 'string' && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value));
const rounded = (value: number | undefined, digits = 7): number | undefined => (value === undefined ? undefined : Number(value.toPrecision(digits)));

/** What was measured as an observations file (CSV), in the order of time. */
export function observationsCsv(entries: readonly Entry[]): string {
  const lines = [header.join(',')];
  for (const { cell, run, session, measured } of entries) {
    if (measured === undefined) continue;
    const { device } = measured;
    const readings: Row = {
      accelerator_busy: rounded(device.acceleratorBusy, 4),
      host_busy: rounded(measured.hostBusy, 4),
      clock_mhz: rounded(device.clockMhz, 5),
      power_w: rounded(device.powerW, 5),
      memory_mib: rounded(device.memoryMiB, 7),
    };
    for (const series of measured.series) {
      // `performance.now()` begins anew with each start of the program.
      const fixed: Row = { run: session === 1 ? run : `${run}-${session}`, process: series.process, ...keyOf(cell, series, measured.offeredRps), ...readings, ...partsOf(series) };
      for (const { startMs, durationMs } of series.done) lines.push(header.map((name) => field(name === 'start_ms' ? Number(startMs.toFixed(3)) : name === 'duration_ms' ? rounded(durationMs) : fixed[name])).join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What of a row is known only at the middle of its series. */
const partsOf = ({ parts = {} }: Series): Row => ({ decode_ms: rounded(parts.decodeMs, 4), upload_ms: rounded(parts.uploadMs, 4), readback_ms: rounded(parts.readbackMs, 4) });

/** What a row says of its group: who was observed beside whom. */
function keyOf(cell: Cell, { workload, model, batch }: Series, offeredRps: number | undefined): Row {
  const { kind, training } = cell;
  const inferenceJobs = jobsOf(cell);
  const others = cell.inference.map((jobs) => ({ ...jobs, count: jobs.count - (workload === 'inference' && jobs.model === model && jobs.batch === batch ? 1 : 0) })).filter(({ count }) => count > 0);
  const alike = workload === 'inference' && others.every((o) => o.model === model && o.batch === batch);
  const solo = inferenceJobs + (training === undefined ? 0 : 1) === 1;
  return {
    workload,
    model,
    batch,
    phase: kind === 'loading' ? 'loading' : training !== undefined ? (training.phase ?? 'train') : solo ? 'solo' : 'steady',
    mode: kind === 'open' ? 'open' : 'closed',
    ...(offeredRps !== undefined && { offered_rps: offeredRps }),
    inference_jobs: inferenceJobs,
    training_jobs: training === undefined ? 0 : 1,
    ...(training !== undefined && { training_model: training.model, training_batch: training.batch }),
    ...(others.length > 0 && !alike && { neighbours: others.map((o) => `${o.count > 1 ? `${o.count}*` : ''}${o.model}:${o.batch}`).join('+') }),
  };
}
