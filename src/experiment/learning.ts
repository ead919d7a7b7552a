import type { LearningSpec } from '../control/system.js';
import { NONE } from '../policy/contract.js';
import type { Scenario } from '../scenario/scenario.js';

/** What `System` knows of learning; nothing where nothing is learnt. */
export function learningOf({ retraining, workload }: Scenario, neverRetrains: boolean): { learning?: LearningSpec[] } {
  const learning = retraining.flatMap(({ model, app, learning: l }, job) => {
    if (l === undefined) return [];
    const apps = workload.flatMap((w, i) => ((app === undefined ? w.stages.at(-1)!.model === model : w.app === app) ? [i] : []));
    return [
      {
        job: neverRetrains ? NONE : job,
        apps,
        initialAccuracy: l.initial_accuracy,
        ceiling: l.ceiling,
        floor: l.floor,
        halfGapEpochs: l.half_gap_epochs,
        epochsPerDeploy: l.epochs_per_deploy,
        startMs: l.start_s * 1000,
        ...(l.epoch_factor === undefined ? {} : { epochFactor: l.epoch_factor }),
        ...(l.configurations === undefined
          ? {}
          : { configurations: l.configurations.map(({ name, ceiling, half_gap_epochs, epoch_factor }) => ({ name, ceiling, halfGapEpochs: half_gap_epochs, epochFactor: epoch_factor })) }),
        labelShare: l.label_share,
        labelDelayMs: l.label_delay_s * 1000,
        labelWindow: l.label_window,
        validationImages: l.validation_images,
        drift: l.drift,
      },
    ];
  });
  return learning.length > 0 ? { learning } : {};
}
