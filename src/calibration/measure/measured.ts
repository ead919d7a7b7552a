import type { DeviceReading } from '../device/meter.js';
import type { Series } from './series.js';

/** What was measured in a turn, as the journal keeps it. */
export interface Measured {
  /** Units of work that were done while nothing else changed. */
  series: Series[];
  /** What was cut off before them, ms; `steady` is false if MSER-5 saw no end of warming up. */
  warmUpMs: number;
  steady: boolean;
  /** The widest relative half width of the medians' intervals; undefined where too few values tell none. */
  precision?: number;
  offeredRps?: number;
  /** Host and device, means over the time that was measured. */
  hostBusy?: number;
  device: DeviceReading;
  /** Slices of a whole epoch, if one has ended. */
  epochSlices?: number;
  /** Of the slices that ended an epoch, over the middle of the others: 1 with a whole batch. */
  lastSlices?: number[];
  /** Of `memory`: how many processes were loaded, and whether a further one ran out of memory. */
  memory?: { loaded: number; full: boolean; usedMiB: number[] };
}
