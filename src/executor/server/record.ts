import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Outcome } from '../../control/driver.js';
import { Lessons } from '../../control/lessons.js';
import { WorkerState } from '../../control/worker.js';
import { NONE } from '../../policy/contract.js';
import type { Executor } from '../executor.js';
import { repositoryMetrics, repositoryStatus } from './repository.js';
import { retrainingMetrics, retrainingStatus } from './retraining.js';

const OUTCOMES = Object.keys(Outcome);
const STATES = Object.keys(WorkerState);
const BUCKETS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Latencies of an app's last answers that are kept for the page. */
const KEPT = 500;
/** Labels in an app's accuracy. */
const LABELS = 200;

export interface AppStatus {
  app: string;
  answered: number;
  rejected: number;
  failed: number;
  unfinished: number;
  /** Of the last answers; null before the first. */
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
  /** Labels of its answers that came. */
  labels: number;
  /** Share of right answers, of the last labels; null before the first. */
  labelled_accuracy: number | null;
}

/** What became of the requests, for Prometheus and for the page. */
export class ServingRecord {
  readonly registry = new Registry();
  private readonly executor: Executor;
  private readonly requests: Counter;
  private readonly labels: Counter;
  private readonly seconds: Histogram;
  private readonly apps: Map<string, { ended: number[]; latenciesMs: number[]; next: number; labels: Lessons }>;

  constructor(executor: Executor) {
    this.executor = executor;
    const registers = [this.registry];
    this.requests = new Counter({ name: 'corun_requests_total', help: 'Images by what became of them.', labelNames: ['app', 'outcome'], registers });
    this.labels = new Counter({ name: 'corun_labels_total', help: 'Labels of answers, by whether the answer was right.', labelNames: ['app', 'right'], registers });
    this.seconds = new Histogram({ name: 'corun_request_duration_seconds', help: 'Time from an image taken in to its answer.', labelNames: ['app'], buckets: BUCKETS_S, registers });
    const { control } = executor;
    const workers = () => this.workerCounts();
    new Gauge({ name: 'corun_images_in_system', help: 'Images that wait or are computed.', registers, collect() { this.set(control.books.inSystem); } });
    new Gauge({ name: 'corun_workers', help: 'Worker processes by what they do.', labelNames: ['state'], registers, collect() { for (const [state, count] of workers()) this.set({ state }, count); } });
    new Gauge({
      name: 'corun_accelerator_busy_seconds',
      help: 'Time in which an accelerator had something to do.',
      labelNames: ['accelerator'],
      registers,
      collect() {
        executor.accelerators.forEach(({ busyMs }, i) => this.set({ accelerator: control.system.accelerators[i].name }, busyMs / 1000));
      },
    });
    new Gauge({
      name: 'corun_profile_factor',
      help: 'Measured time of a batch over what the profile predicts beside the same neighbours.',
      labelNames: ['accelerator', 'model'],
      registers,
      collect() {
        for (const { accelerator, model, factor } of executor.watch.watched()) this.set({ accelerator: control.system.accelerators[accelerator].name, model }, factor);
      },
    });
    retrainingMetrics(executor, this.registry);
    repositoryMetrics(executor, this.registry);
    this.apps = new Map(control.system.apps.map(({ name }) => [name, { ended: OUTCOMES.map(() => 0), latenciesMs: [], next: 0, labels: new Lessons(1, LABELS) }]));
    for (const app of this.apps.keys()) for (const outcome of OUTCOMES) this.requests.inc({ app, outcome }, 0);
  }

  ended(app: string, outcome: Outcome, latencyMs: number): void {
    this.requests.inc({ app, outcome: OUTCOMES[outcome] });
    const kept = this.apps.get(app)!;
    kept.ended[outcome]++;
    if (outcome !== Outcome.answered) return;
    this.seconds.observe({ app }, latencyMs / 1000);
    kept.latenciesMs[kept.next] = latencyMs;
    kept.next = (kept.next + 1) % KEPT;
  }

  labelled(app: string, right: boolean): void {
    this.labels.inc({ app, right: String(right) });
    this.apps.get(app)!.labels.add(right, 0);
  }

  /** What is true now, as JSON. */
  status(): object {
    const { control, models, accelerators } = this.executor;
    const pids = this.executor.pids();
    return {
      ready: this.executor.isReady(),
      running_s: this.executor.nowMs / 1000,
      in_system: control.books.inSystem,
      apps: [...this.apps].map(([app, { ended, latenciesMs, labels }]): AppStatus => {
        const sorted = [...latenciesMs].sort((a, b) => a - b);
        const quantile = (q: number) => (sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
        return { app, answered: ended[0], rejected: ended[1], failed: ended[2], unfinished: ended[3], latency_p50_ms: quantile(0.5), latency_p95_ms: quantile(0.95), labels: labels.labels, labelled_accuracy: labels.labels === 0 ? null : labels.estimate };
      }),
      accelerators: accelerators.map(({ busyMs, active }, i) => ({ name: control.system.accelerators[i].name, busy_s: busyMs / 1000, active })),
      workers: control.workers.map(({ lane, accelerator, state, version }, i) => ({ model: control.laneSpecs[lane].model, version: (control.storage?.modelOf(lane) ?? NONE) === NONE ? null : version, accelerator: control.system.accelerators[accelerator].name, state: STATES[state], pid: pids.workers[i] ?? null, memory_mib: models[lane]?.memoryMiB ?? null })),
      profiles: this.executor.watch.watched().map(({ accelerator, model, factor, standardError, batches, stale }) => ({ accelerator: control.system.accelerators[accelerator].name, model, factor, standard_error: standardError, batches, stale: stale ?? null })),
      retraining: retrainingStatus(this.executor),
      repository: repositoryStatus(this.executor) ?? null,
      comparisons: this.executor.deployments.history.map(({ model, atMs, better, comparison }) => ({ model, at_s: atMs / 1000, outcome: better ? 'deployed' : 'declined', accuracy_before: comparison?.accuracyBefore ?? null, accuracy_after: comparison?.accuracyAfter ?? null, images: comparison?.images ?? null })),
    };
  }

  private workerCounts(): [string, number][] {
    return STATES.map((state, number) => [state, this.executor.control.workers.filter((worker) => worker.state === number).length]);
  }
}
