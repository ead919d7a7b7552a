import bottleneck from './families/bottleneck.js';
import gpulet from './families/gpulet.js';
import igniter from './families/igniter.js';
import linear from './families/linear.js';
import none from './families/none.js';
import regression from './families/regression.js';
import resources from './families/resources.js';
import table from './families/table.js';
import twoQueues from './families/two-queues.js';
import usl from './families/usl.js';
import type { FittableModel } from './fittable.js';

/** Every model that can be fitted, from the simplest. One file, one line here, one test, one section in docs/contention.md. */
export const families: Readonly<Record<string, FittableModel>> = { none, linear, resources, usl, bottleneck, 'two-queues': twoQueues, gpulet, igniter, table, regression };
