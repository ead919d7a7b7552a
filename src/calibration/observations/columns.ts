/** How a column of an observations file takes part: it tells groups apart, tells processes apart, or was measured. */
type Part = 'group' | 'process' | 'time' | 'measured';

interface Column {
  part: Part;
  required?: true;
  /** Shown in messages and in the documentation. */
  about: string;
}

/** The columns of an observations file (`docs/fit.md`), in any order; all others are errors. */
export const columns = {
  run: { part: 'process', required: true, about: 'name of the run' },
  process: { part: 'process', about: 'name or number of the process within the run' },
  start_ms: { part: 'time', about: 'when the work began, in ms' },
  workload: { part: 'group', required: true, about: 'inference or training' },
  model: { part: 'group', required: true, about: 'the model that is observed' },
  batch: { part: 'group', about: 'its batch size' },
  units: { part: 'group', about: 'units of work in the row, such as images in a pass; 1 if left out' },
  phase: { part: 'group', about: 'what must not be mixed: steady, solo, loading, train, evaluate' },
  mode: { part: 'group', about: 'closed (back to back) or open' },
  offered_rps: { part: 'group', about: 'requests per second of an open loop' },
  inference_jobs: { part: 'group', required: true, about: 'inference jobs at once, the observed one included' },
  training_jobs: { part: 'group', required: true, about: 'training jobs at once, the observed one included' },
  training_model: { part: 'group', about: 'the model that trains' },
  training_batch: { part: 'group', about: 'its batch size' },
  neighbours: { part: 'group', about: 'the other jobs where they are not all alike, as 2*resnet50:8+vgg16' },
  share_percent: { part: 'group', about: 'share of the accelerator that the process may use' },
  duration_ms: { part: 'measured', required: true, about: 'how long the work took, in ms' },
  decode_ms: { part: 'measured', about: 'of which decoding' },
  upload_ms: { part: 'measured', about: 'of which upload' },
  readback_ms: { part: 'measured', about: 'of which reading back' },
  accelerator_busy: { part: 'measured', about: 'share of time in which the accelerator was busy, 0 to 1' },
  host_busy: { part: 'measured', about: 'share of time in which the host was busy, 0 to 1' },
  l2_busy: { part: 'measured', about: 'share of the L2 bandwidth in use, 0 to 1' },
  dram_busy: { part: 'measured', about: 'share of the memory bandwidth in use, 0 to 1' },
  clock_mhz: { part: 'measured', about: 'clock of the accelerator' },
  power_w: { part: 'measured', about: 'power of the accelerator' },
  memory_mib: { part: 'measured', about: 'memory of the accelerator in use' },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as ColumnName[];
export const partOf = (name: ColumnName): Part => columns[name].part;
export const isRequired = (name: ColumnName): boolean => 'required' in columns[name];
