import type { DecisionKind, PolicyDefinition } from './contract.js';
import asPlanned from './dispatch/as-planned.js';
import batch from './dispatch/batch.js';
import corun from './dispatch/corun.js';
import dStackDispatch from './dispatch/d-stack.js';
import edf from './dispatch/edf.js';
import fcfs from './dispatch/fcfs.js';
import orion from './dispatch/orion.js';
import rejectAll from './dispatch/reject-all.js';
import unlimited from './dispatch/unlimited.js';
import allOnOne from './place/all-on-one.js';
import dStackPlace from './place/d-stack.js';
import gslice from './place/gslice.js';
import igniter from './place/igniter.js';
import modiPlace from './place/modi.js';
import onDemand from './place/on-demand.js';
import oneTaskPerAccelerator from './place/one-task-per-accelerator.js';
import budgeted from './retrain/budgeted.js';
import continuous from './retrain/continuous.js';
import ekyaThief from './retrain/ekya-thief.js';
import everyWindow from './retrain/every-window.js';
import never from './retrain/never.js';
import onDrift from './retrain/on-drift.js';
import whenIdle from './retrain/when-idle.js';
import windows from './retrain/windows.js';
import duplicate from './route/duplicate.js';
import fixed from './route/fixed.js';
import modiRoute from './route/modi.js';
import onDevice from './route/on-device.js';
import spread from './route/spread.js';
import exploration from './select/exploration.js';
import firstVariant from './select/fixed.js';
import greedy from './select/greedy.js';
import mdinference from './select/mdinference.js';
import mdinferenceThreeStage from './select/mdinference-three-stage.js';
import modiSelect from './select/modi.js';
import random from './select/random.js';
import staticAccuracy from './select/static-accuracy.js';
import staticLatency from './select/static-latency.js';

/** Every built-in policy by decision and name. One file, one line here, one test, one page under docs/policies/. */
export const policies: { [K in DecisionKind]: Record<string, PolicyDefinition<K>> } = {
  route: { fixed, spread, duplicate, 'on-device': onDevice, modi: modiRoute },
  select: {
    fixed: firstVariant,
    mdinference,
    'mdinference-three-stage': mdinferenceThreeStage,
    greedy,
    'static-latency': staticLatency,
    'static-accuracy': staticAccuracy,
    random,
    exploration,
    modi: modiSelect,
  },
  dispatch: { corun, fcfs, edf, batch, 'as-planned': asPlanned, orion, 'd-stack': dStackDispatch, unlimited, 'reject-all': rejectAll },
  retrain: { never, continuous, 'when-idle': whenIdle, windows, 'every-window': everyWindow, 'on-drift': onDrift, budgeted, 'ekya-thief': ekyaThief },
  place: { 'all-on-one': allOnOne, 'on-demand': onDemand, modi: modiPlace, igniter, gslice, 'd-stack': dStackPlace, 'one-task-per-accelerator': oneTaskPerAccelerator },
};
