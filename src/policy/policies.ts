import type { DecisionKind, PolicyDefinition } from './contract.js';
import batch from './dispatch/batch.js';
import corun from './dispatch/corun.js';
import edf from './dispatch/edf.js';
import fcfs from './dispatch/fcfs.js';
import rejectAll from './dispatch/reject-all.js';
import unlimited from './dispatch/unlimited.js';
import allOnOne from './place/all-on-one.js';
import oneTaskPerAccelerator from './place/one-task-per-accelerator.js';
import budgeted from './retrain/budgeted.js';
import continuous from './retrain/continuous.js';
import ekyaThief from './retrain/ekya-thief.js';
import everyWindow from './retrain/every-window.js';
import never from './retrain/never.js';
import onDrift from './retrain/on-drift.js';
import whenIdle from './retrain/when-idle.js';
import windows from './retrain/windows.js';
import fixed from './route/fixed.js';
import spread from './route/spread.js';

/** Every built-in policy by decision and name. One file, one line here, one test, one page under docs/policies/. */
export const policies: { [K in DecisionKind]: Record<string, PolicyDefinition<K>> } = {
  route: { fixed, spread },
  dispatch: { corun, fcfs, edf, batch, unlimited, 'reject-all': rejectAll },
  retrain: { never, continuous, 'when-idle': whenIdle, windows, 'every-window': everyWindow, 'on-drift': onDrift, budgeted, 'ekya-thief': ekyaThief },
  place: { 'all-on-one': allOnOne, 'one-task-per-accelerator': oneTaskPerAccelerator },
};
