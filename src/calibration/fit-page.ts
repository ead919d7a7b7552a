import type { ContentionFit } from '../contention/fit/fit.js';
import { isSolo, type ObservedGroup } from '../contention/fit/group.js';
import { plateauMiB } from '../contention/fit/memory-line.js';
import type { FitGroup, FitPage } from '../report/fit/input.js';
import type { FitResult, FitRow } from './fit-result.js';

/** A fit as its HTML page wants it. */
export function fitPage(fit: ContentionFit, result: FitResult, test: readonly ObservedGroup[]): FitPage {
  const group = (set: 'fit' | 'test', row: FitRow, key: ObservedGroup): FitGroup => ({
    name: row.group,
    set,
    workload: row.workload,
    model: [key.model, ...(key.batch === undefined || key.workload === 'training' ? [] : [`batch ${key.batch}`]), ...(key.units === undefined ? [] : [`${key.units} units`])].join(', '),
    phase: row.phase ?? 'steady',
    inferenceJobs: row.inference_jobs,
    trainingJobs: row.training_jobs,
    ...(key.trainingModel === undefined ? {} : { trainingModel: key.trainingModel }),
    n: row.n,
    observedMs: row.observed_ms,
    predictedMs: row.predicted_ms,
    interval95Ms: row.interval95_ms,
    solo: isSolo(key),
    ...partsIn(key),
  });
  const pick = (set: 'fit' | 'test', rows: readonly FitRow[], keys: readonly ObservedGroup[]): FitGroup[] =>
    rows.flatMap((row) => {
      const key = keys.find((k) => k.name === row.group);
      return key === undefined ? [] : [group(set, row, key)];
    });
  const memoryOf = (groups: readonly ObservedGroup[], set: 'fit' | 'test') =>
    groups.flatMap((g) => {
      const memoryMiB = g.phase === 'loading' ? undefined : plateauMiB(g.memory);
      return memoryMiB === undefined ? [] : [{ inferenceJobs: g.inferenceJobs, trainingJobs: g.trainingJobs, memoryMiB, set }];
    });
  const { memory } = fit;
  return {
    files: result.files,
    testFiles: result.test_files,
    rows: result.rows,
    groups: [...pick('fit', result.fit.rows, fit.groups), ...pick('test', result.test?.rows ?? [], test)],
    scores: result.models.map((m) => ({
      name: m.name,
      role: m.role,
      weight: m.weight,
      leaveOneOutMape: m.cross_validation?.leave_one_out?.mape,
      extrapolationMape: m.cross_validation?.extrapolation?.mape,
      testMape: m.test?.mape,
      skill: m.cross_validation?.skill,
      rejected: m.rejected ?? result.not_identifiable.find((n) => n.model === m.name)?.needs,
    })),
    ...(memory?.perInferenceMiB === undefined
      ? {}
      : {
          memory: {
            fixedMiB: memory.fixedMiB,
            perInferenceMiB: memory.perInferenceMiB,
            perTrainingMiB: memory.perTrainingMiB,
            capacityMiB: memory.capacityMiB,
            maxInferenceJobs: memory.maxInferenceJobs,
            maxTrainingJobs: memory.maxTrainingJobs,
            observed: [...memoryOf(fit.groups, 'fit'), ...memoryOf(test, 'test')],
          },
        }),
    notIdentifiable: result.not_identifiable,
    warnings: result.warnings,
  };
}

function partsIn({ readings: { decode_ms: decodeMs, upload_ms: uploadMs, readback_ms: readbackMs } }: ObservedGroup): Pick<FitGroup, 'parts'> {
  const parts = { ...(decodeMs !== undefined && { decodeMs }), ...(uploadMs !== undefined && { uploadMs }), ...(readbackMs !== undefined && { readbackMs }) };
  return Object.keys(parts).length === 0 ? {} : { parts };
}
