/** What a calibration leaves in its directory. Observations and profile appear whole or not at all. */
export const JOURNAL = 'journal.jsonl';
export const OBSERVATIONS = 'observations.csv';
export const PROFILE = 'profile.json';
/** There while a process measures. */
export const LOCK = 'calibrating.lock';
