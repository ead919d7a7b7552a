import type { Cell } from '../plan/cell.js';
import type { Preset } from '../plan/presets.js';

/** When a cell is done. */
export interface Limits extends Pick<Preset, 'warmUpMs' | 'minMs' | 'maxMs' | 'minRows' | 'precision'> {
  /** A process that is not heard of for so long is taken for hung, ms. */
  silentMs: number;
}

/** Open loops bring fewer rows in a time than closed ones. */
export const OPEN_TIME = 2;
/** What is so slow that it has not enough rows by then is kept as it is. */
export const LONGEST = 10;

/** Rows of an open loop, from which the fit takes what idleness costs and what requests wait for a slice: it needs thirty. */
const OPEN_ROWS = 32;

/** Rows of each process that a cell needs. */
export const rowsNeeded = ({ kind }: Cell, { minRows }: Pick<Limits, 'minRows'>): number => (kind === 'open' ? Math.max(minRows, OPEN_ROWS) : minRows);
