import type { Control } from '../control/control.js';
import { WorkerState, type Worker } from '../control/worker.js';
import { Outcome } from '../control/driver.js';
import { NONE } from '../policy/contract.js';
import type { FaultEvent } from '../faults/fault.js';
import type { Doing } from './witness.js';

/** One request of a recorded run. Times in ms since the run began; -1 where it did not happen. */
export interface RequestRow {
  app: string;
  /** Where it was answered, or waited last, and by which model; empty where it came to no queue. */
  site: string;
  model: string;
  born_ms: number;
  /** When it reached the site of its last stage, and when it last started there. */
  arrived_ms: number;
  started_ms: number;
  answered_ms: number;
  latency_ms: number;
  outcome: 'answered' | 'rejected' | 'failed' | 'unfinished';
  in_slo: boolean;
  attempts: number;
}

/** One stretch of time in which something occupied an accelerator. */
export interface Span {
  accelerator: string;
  /** Row within the accelerator: a worker (`plants #1`) or the retraining job (`retrain resnet50`). */
  track: string;
  kind: 'inference' | 'training' | 'paused' | 'loading' | 'waiting';
  start_ms: number;
  end_ms: number;
  /** Number of images, for inference. */
  batch?: number;
}

/** What one run looked like in detail. */
export interface RunRecord {
  horizon_ms: number;
  /** Evenly thinned when there are fewer than `requests_total` says. */
  requests: RequestRow[];
  requests_total: number;
  /** All up to some time; beyond it only those of retraining jobs, when there are fewer than `spans_total` says. */
  spans: Span[];
  spans_total: number;
  epochs_ms: number[];
  /** What broke down by the scenario's word, and when that was over; up to a number. Absent where nothing did. */
  faults?: FaultMark[];
}

/** A fault that began or ended. */
export interface FaultMark {
  at_ms: number;
  /** What is done to what, as the scenario says it, for example `lose accelerator edge/gpu0`. */
  what: string;
  begins: boolean;
}

const MOST_FAULTS = 1000;
const OUTCOMES = ['answered', 'rejected', 'failed', 'unfinished'] as const;

/** Writes down one run: requests evenly thinned, activities in full up to a number. Memory is bounded by `maxRows` and `maxSpans`. */
export class Recorder {
  private control!: Control;
  private readonly maxRows: number;
  private readonly maxSpans: number;
  private rows: { ordinal: number; row: RequestRow }[] = [];
  private ends = 0;
  private stride = 1;
  private readonly spans: Span[] = [];
  private spansTotal = 0;
  private readonly epochsMs: number[] = [];
  private readonly faults: FaultMark[] = [];
  private horizonMs = 0;
  private readonly openWorkers = new Map<number, { doing: Doing; sinceMs: number; batch: number }>();
  private readonly numbers = new Map<Worker, number>();
  private readonly openJobs = new Map<number, { doing: Doing; sinceMs: number }>();

  constructor(maxRows: number, maxSpans: number) {
    this.maxRows = maxRows;
    this.maxSpans = maxSpans;
  }

  watch(control: Control): void {
    this.control = control;
  }

  ended(request: number, outcome: Outcome, nowMs: number): void {
    const ordinal = this.ends++;
    if (ordinal % this.stride !== 0) return;
    const { requests, system, laneSpecs } = this.control;
    const lane = requests.lane[request];
    const answered = outcome === Outcome.answered;
    const bornMs = requests.bornMs[request];
    const startedMs = requests.startedMs[request];
    const row: RequestRow = {
      app: system.apps[requests.app[request]].name,
      site: lane === NONE ? '' : system.sites[laneSpecs[lane].site].name,
      model: lane === NONE ? '' : laneSpecs[lane].model,
      born_ms: bornMs,
      arrived_ms: requests.arrivedMs[request],
      started_ms: answered ? startedMs : -1,
      answered_ms: answered ? nowMs : -1,
      latency_ms: answered ? nowMs - bornMs : -1,
      outcome: OUTCOMES[outcome],
      in_slo: answered && nowMs <= requests.deadlineMs[request],
      attempts: requests.attempts[request] + 1,
    };
    this.rows.push({ ordinal, row });
    if (this.rows.length <= this.maxRows) return;
    this.stride *= 2;
    this.rows = this.rows.filter((r) => r.ordinal % this.stride === 0);
  }

  workerDoes(id: number, doing: Doing, nowMs: number): void {
    const open = this.openWorkers.get(id);
    const worker = this.control.workers[id];
    const number = this.numberOf(worker);
    if (open && open.doing !== 'nothing') {
      this.spansTotal++;
      if (this.spans.length < this.maxSpans) {
        const { app, stage, model } = this.control.laneSpecs[worker.lane];
        const variant = this.control.variants[worker.lane] > 1 ? ` ${model}` : '';
        const stages = this.control.system.apps[app].stages.length;
        this.spans.push({
          accelerator: this.control.system.accelerators[worker.accelerator].name,
          track: `${this.control.system.apps[app].name}${stages > 1 ? ` stage ${stage + 1}` : ''}${variant} #${number}`,
          kind: open.doing,
          start_ms: open.sinceMs,
          end_ms: nowMs,
          ...(open.doing === 'inference' ? { batch: open.batch } : {}),
        });
      }
    }
    this.openWorkers.set(id, { doing, sinceMs: nowMs, batch: worker.batchSize });
  }

  jobDoes(job: number, doing: Doing, nowMs: number): void {
    const open = this.openJobs.get(job);
    if (open && open.doing !== 'nothing' && nowMs > open.sinceMs) {
      this.spansTotal++;
      if (this.spans.length < 2 * this.maxSpans) {
        this.spans.push({
          accelerator: this.control.system.accelerators[this.control.jobs.accelerator[job]].name,
          track: `retrain ${this.control.system.jobs[job].model}`,
          kind: open.doing,
          start_ms: open.sinceMs,
          end_ms: nowMs,
        });
      }
    }
    this.openJobs.set(job, { doing, sinceMs: nowMs });
  }

  epochEnded(_job: number, nowMs: number): void {
    this.epochsMs.push(nowMs);
  }

  faulted({ atMs, fault, begins }: FaultEvent): void {
    if (this.faults.length >= MOST_FAULTS) return;
    const { kind, site, accelerator, app, direction } = fault;
    this.faults.push({ at_ms: atMs, what: [kind, accelerator ?? site, app, direction].filter((part) => part !== undefined).join(' '), begins });
  }

  windowEnded(nowMs: number): void {
    this.horizonMs = nowMs;
  }

  /** @param nowMs the end of the run, where what is going on is cut off */
  record(nowMs: number): RunRecord {
    for (const id of this.openWorkers.keys()) this.workerDoes(id, 'nothing', nowMs);
    for (const job of this.openJobs.keys()) this.jobDoes(job, 'nothing', nowMs);
    return {
      horizon_ms: this.horizonMs,
      requests: this.rows.map(({ row }) => row),
      requests_total: this.ends,
      spans: this.spans,
      spans_total: this.spansTotal,
      epochs_ms: this.epochsMs,
      ...(this.faults.length > 0 ? { faults: this.faults } : {}),
    };
  }

  /** A number for a worker among the living ones of its lane on its accelerator, from 1; those of dead ones are given again. */
  private numberOf(worker: Worker): number {
    let number = this.numbers.get(worker);
    if (number === undefined) {
      const taken = new Set<number>();
      for (const [other, its] of this.numbers) {
        if (other.state === WorkerState.dead) this.numbers.delete(other);
        else if (other.lane === worker.lane && other.accelerator === worker.accelerator) taken.add(its);
      }
      number = 1;
      while (taken.has(number)) number++;
      this.numbers.set(worker, number);
    }
    return number;
  }
}
