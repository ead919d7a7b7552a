import type { ExecutorReport } from '../../executor/options.js';

const points = (share: number): string => (100 * share).toFixed(1);

/**
 * What `corun serve` says of retraining, a line each.
 *
 * @param jobs the scenario's, for the names of their models
 */
export function retrainingReport(jobs: readonly { model: string }[], say: (line: string) => void): Pick<ExecutorReport, 'trainerDied' | 'trainerSays' | 'deployed' | 'weightsInPlace'> {
  const name = (job: number): string => `corun: retraining ${jobs[job].model}`;
  return {
    trainerDied: (job, why, againInMs) => say(againInMs === Infinity ? `${name(job)} is held: ${why}; serving goes on, and it begins again when its policy resumes it, or with the next server` : `${name(job)} died: ${why}; again in ${Math.round(againInMs)} ms`),
    trainerSays: (job, sentence) => say(`${name(job)}: ${sentence}`),
    deployed: ({ job, comparison }) => {
      if (comparison === undefined) return;
      const [lower, upper] = comparison.gainCi95;
      say(`${name(job)}: ${comparison.reason} (gain ${points(comparison.accuracyAfter - comparison.accuracyBefore)} points, 95 % interval ${points(lower)} to ${points(upper)})`);
    },
    weightsInPlace: (worker, version, tookMs, refused) =>
      say(refused === undefined ? `corun: worker ${worker} answers with new weights, version ${version}, put in place in ${tookMs.toFixed(1)} ms` : `corun: worker ${worker} refused new weights, version ${version}, and answers with those it had: ${refused}`),
  };
}
