import type { Preset } from '../plan/presets.js';

/** When a cell is done. */
export interface Limits extends Pick<Preset, 'minMs' | 'maxMs' | 'minRows' | 'precision'> {
  /** A process that is not heard of for so long is taken for hung, ms. */
  silentMs: number;
}

/** Open loops bring fewer rows in a time than closed ones. */
export const OPEN_TIME = 2;
/** What is so slow that it has not enough rows by then is kept as it is. */
export const LONGEST = 10;
