/** What a program can do with Corun, without the command line. Policies are written against `corun/policy`. */
export { epochGrowth } from './contention/epoch-growth.js';
export { compare, type CompareOptions, type Progress } from './experiment/compare.js';
export { openPool, type Pool } from './experiment/pool.js';
export type * from './experiment/result.js';
export { InputError } from './input/error.js';
export { comparisonTable } from './report/terminal.js';
export { writeOutputs } from './report/write.js';
export { loadScenario } from './scenario/load.js';
export { resolveAlternatives } from './scenario/resolve.js';
export type { ResolvedAlternative, Scenario } from './scenario/scenario.js';
export { activationMiB, mostBatch, mostProcesses, processMiB, trainingBatchFrontier, weightsMiB, type ProcessMemory } from './contention/memory-forms.js';
export { igniterPredict, type IgniterGpu, type IgniterModel, type IgniterPrediction, type IgniterWorkload } from './contention/igniter.js';
export { fitHtml } from './report/fit/html.js';
export type { FitGroup, FitMemory, FitPage, FitScore } from './report/fit/input.js';
export { igniterPlan, igniterStandbyShare, type IgniterDemand, type IgniterOptions, type IgniterShare } from './policy/planners/igniter.js';
