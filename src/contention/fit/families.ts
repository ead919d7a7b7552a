import bottleneck from './families/bottleneck.js';
import linear from './families/linear.js';
import none from './families/none.js';
import regression from './families/regression.js';
import table from './families/table.js';
import twoQueues from './families/two-queues.js';
import usl from './families/usl.js';
import type { FittableModel } from './fittable.js';

/** Every model that can be fitted, from the simplest. One file, one line here, one test, one section in docs/contention.md. */
export const families: Readonly<Record<string, FittableModel>> = { none, linear, usl, bottleneck, 'two-queues': twoQueues, table, regression };
