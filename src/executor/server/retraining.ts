import { Gauge, type Registry } from 'prom-client';
import type { Executor } from '../executor.js';

/** A retraining job for the page; null where it is not known. Accuracies and shares are fractions. */
export interface RetrainingStatus {
  model: string;
  state: string;
  pid: number | null;
  /** Since the server began, with the part of the present one. */
  epochs: number;
  loss: number | null;
  /** Share of the epoch's time in which steps waited for images. */
  loader_bound_share: number | null;
  deployed: number;
  declined: number;
  /** On held-out images, when they were compared last: of the weights that were in use then, and of those learnt. */
  accuracy_before: number | null;
  accuracy_after: number | null;
  /** Time that a worker took to put the last new weights in place. */
  swap_ms: number | null;
}

export function retrainingStatus(executor: Executor): RetrainingStatus[] {
  const { control, deployments } = executor;
  const { jobs } = executor.pids();
  return control.system.jobs.map(({ model }, job) => {
    const { state, progress } = executor.training(job);
    const last = deployments.last.get(job);
    return {
      model,
      state,
      pid: jobs[job] ?? null,
      epochs: executor.epochs(job),
      loss: progress?.loss ?? null,
      loader_bound_share: progress?.loaderBoundShare ?? null,
      deployed: deployments.deployed[job],
      declined: deployments.declined[job],
      accuracy_before: last?.comparison?.accuracyBefore ?? null,
      accuracy_after: last?.comparison?.accuracyAfter ?? null,
      swap_ms: deployments.swapMs.get(model) ?? null,
    };
  });
}

/** The same for Prometheus, where there are jobs. What is not known is not told. */
export function retrainingMetrics(executor: Executor, registry: Registry): void {
  if (executor.control.system.jobs.length === 0) return;
  const gauge = (name: string, help: string, more: readonly string[], values: (status: RetrainingStatus) => readonly (readonly [Record<string, string>, number | null])[]): void => {
    new Gauge({
      name: `corun_retraining_${name}`,
      help,
      labelNames: ['model', ...more],
      registers: [registry],
      collect() {
        for (const status of retrainingStatus(executor)) for (const [labels, value] of values(status)) if (value !== null) this.set({ model: status.model, ...labels }, value);
      },
    });
  };
  gauge('epochs', 'Epochs since the server began, with the part of the present one.', [], ({ epochs }) => [[{}, epochs]]);
  gauge('loss', 'Mean cross-entropy of the last step.', [], ({ loss }) => [[{}, loss]]);
  gauge('loader_bound_share', 'Share of the epoch’s time in which steps waited for images.', [], (status) => [[{}, status.loader_bound_share]]);
  gauge('held', 'Whether the job is not started again by itself.', [], ({ state }) => [[{}, state.startsWith('held') ? 1 : 0]]);
  gauge('comparisons', 'Comparisons with the weights in use, by what came of them.', ['outcome'], ({ deployed, declined }) => [[{ outcome: 'deployed' }, deployed], [{ outcome: 'declined' }, declined]]);
  gauge('held_out_accuracy', 'On held-out images, when they were compared last: of the weights in use before, and of those learnt.', ['weights'], (status) => [
    [{ weights: 'before' }, status.accuracy_before],
    [{ weights: 'learnt' }, status.accuracy_after],
  ]);
  gauge('swap_seconds', 'Time that a worker took to put the last new weights in place, between two batches.', [], (status) => [[{}, status.swap_ms === null ? null : status.swap_ms / 1000]]);
}
