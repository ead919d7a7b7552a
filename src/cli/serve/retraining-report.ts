import type { ExecutorReport } from '../../executor/options.js';
import type { ServeLog } from '../serve-log.js';

const points = (share: number): string => (100 * share).toFixed(1);

/**
 * What `corun serve` says of retraining, an event each.
 *
 * @param jobs the scenario's, for the names of their models
 */
export function retrainingReport(jobs: readonly { model: string }[], log: ServeLog): Pick<ExecutorReport, 'trainerDied' | 'trainerSays' | 'deployed' | 'weightsInPlace'> {
  const name = (job: number): string => `retraining ${jobs[job].model}`;
  return {
    trainerDied: (job, why, againInMs) => log.tell('warn', 'trainer_died', againInMs === Infinity ? `${name(job)} is held: ${why}; serving goes on, and it begins again when its policy resumes it, or with the next server` : `${name(job)} died: ${why}; again in ${Math.round(againInMs)} ms`, { model: jobs[job].model, why, ...(againInMs < Infinity && { again_in_ms: Math.round(againInMs) }) }),
    trainerSays: (job, sentence) => log.tell('info', 'retraining', `${name(job)}: ${sentence}`, { model: jobs[job].model }),
    deployed: ({ job, better, comparison }) => {
      if (comparison === undefined) return;
      const [lower, upper] = comparison.gainCi95;
      log.tell('info', better ? 'deployed' : 'declined', `${name(job)}: ${comparison.reason} (gain ${points(comparison.accuracyAfter - comparison.accuracyBefore)} points, 95 % interval ${points(lower)} to ${points(upper)})`, { model: jobs[job].model, accuracy_before: comparison.accuracyBefore, accuracy_after: comparison.accuracyAfter, images: comparison.images });
    },
    weightsInPlace: (worker, version, tookMs, refused) =>
      log.tell(refused === undefined ? 'info' : 'warn', refused === undefined ? 'weights_in_place' : 'weights_refused', refused === undefined ? `worker ${worker} answers with new weights, version ${version}, put in place in ${tookMs.toFixed(1)} ms` : `worker ${worker} refused new weights, version ${version}, and answers with those it had: ${refused}`, { worker, version, took_ms: tookMs }),
  };
}
