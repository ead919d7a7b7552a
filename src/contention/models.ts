import type { ContentionModel } from './contract.js';
import gpulet from './models/gpulet.js';
import igniter from './models/igniter.js';
import mix from './models/mix.js';
import none from './models/none.js';
import resources from './models/resources.js';
import table from './models/table.js';

/** Every contention model, by the name that a profile uses. One file, one line here, one test, one page under docs/contention/. */
export const contentionModels = { none, table, mix, igniter, gpulet, resources } satisfies Record<string, ContentionModel>;
