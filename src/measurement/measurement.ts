import { Outcome } from '../control/driver.js';
import type { FaultEvent } from '../faults/fault.js';
import { LatencyHistogram } from '../statistics/histogram.js';
import { BatchedSeries } from '../statistics/mser.js';
import { mean } from '../statistics/summary.js';
import { slope } from '../statistics/regression.js';
import { AttainmentOverTime } from './attainment.js';
import type { Recorder } from './recorder.js';
import type { Doing, Learnt, Measurable, Witness } from './witness.js';

/** What one run of one alternative measured about one app. Counts are of requests born in the measured window. */
export interface AppMeasured {
  born: number;
  answered: number;
  /** Born with an SLO, and those of them that were answered within it. */
  withSlo: number;
  inSlo: number;
  rejected: number;
  failed: number;
  unfinished: number;
  latencySumMs: number;
  /** Latencies of the answered ones: the counts of a `LatencyHistogram`. */
  latencies: Float64Array<ArrayBuffer>;
  /** Answered in time: within their SLO, if they have one. */
  inTime: number;
  /** Sum over the answered ones of the chance to be right when they were answered; absent where the model's accuracy is not known. */
  accuracySum?: number;
  /** The same over those answered in time. */
  inTimeAccuracySum?: number;
  /** Answers that came from the client's own phone; absent where no phone can answer. */
  onDevice?: number;
  /** Answers by variant of the last stage, in the order of the scenario; absent where it lists none. */
  answeredBy?: number[];
  /** Answers that came within the window, whenever the request was born. */
  answersInWindow: number;
}

/** What one run of one alternative measured. Plain data: it travels between threads. */
export interface Measured {
  windowMs: number;
  apps: AppMeasured[];
  /** Growth of the number of requests in the system over the window, per second. */
  backlogSlopeRps: number;
  /** Mean number of requests in the system over the window. */
  meanInSystem: number;
  /** Requests in the system when the window ended, and how long until all were answered or given up. */
  backlogAtEnd: number;
  clearedAfterMs: number;
  /** Longest SLO of a request; 0 if none had one. */
  longestSloMs: number;
  outOfMemory: number;
  /** Longest stretch in which more than one in ten missed the SLO. */
  disturbedS: number;
  /** Energy that each accelerator took in the window, in J; 0 where its profile has no power curve. */
  energyJ: number[];
  /** Epochs that each retraining job made in the window, fractions included. */
  epochs: number[];
  /** Per accelerator: share of the window in which it was busy, and share outside the measured domain. */
  busyShare: number[];
  outsideShare: number[];
  outside: string | undefined;
  /** Over the whole run; absent where nothing is learnt. */
  learnt?: Learnt;
  /** Second legs over the whole run; absent where there were none: their share of the requests, and the share of the workers' time that went into answers which did not count. */
  duplicates?: { share: number; wastedShare?: number };
}

/** Latency and birth time over the requests, batched, to find the warm-up in. */
export interface WarmUpSeries {
  latencyMs: Float64Array;
  bornMs: Float64Array;
}

/** Measures a run as it happens, in memory that does not grow with the number of requests. */
export class Measurement implements Witness {
  readonly detailed: boolean;
  private run!: Measurable;
  private readonly recorder: Recorder | undefined;
  private readonly series: { latencyMs: BatchedSeries; bornMs: BatchedSeries } | undefined;
  private readonly apps: AppMeasured[];
  private readonly attainment = new AttainmentOverTime();
  private readonly histograms: LatencyHistogram[];
  /** By app: how accurate its answers are is known of every model that gives them. */
  private knowsAccuracy: boolean[] = [];
  /** By lane: position among the variants of the app's last stage. */
  private variantOf: number[] = [];
  private readonly warmUpMs: number;
  private endMs = Infinity;
  private endedAtMs = 0;
  private backlogAtEnd = 0;
  private samples = 0;
  private sampleStride = 1;
  private readonly sampleMs: number[] = [];
  private readonly sampleInSystem: number[] = [];
  private atStart: Snapshot | undefined;
  private atEnd: Snapshot | undefined;

  /** @param wantsSeries also collects what `warmUpSeries` gives */
  constructor(apps: number, warmUpMs: number, wantsSeries: boolean, recorder: Recorder | undefined) {
    this.warmUpMs = warmUpMs;
    this.recorder = recorder;
    this.detailed = recorder !== undefined;
    this.series = wantsSeries ? { latencyMs: new BatchedSeries(), bornMs: new BatchedSeries() } : undefined;
    this.histograms = Array.from({ length: apps }, () => new LatencyHistogram());
    this.apps = this.histograms.map(({ counts }) => ({
      born: 0,
      answered: 0,
      withSlo: 0,
      inSlo: 0,
      rejected: 0,
      failed: 0,
      unfinished: 0,
      latencySumMs: 0,
      latencies: counts,
      answersInWindow: 0,
      inTime: 0,
    }));
  }

  watch(run: Measurable): void {
    this.run = run;
    this.recorder?.watch(run.control);
    const { accuracy, laneSpecs, system } = run.control;
    this.knowsAccuracy = system.apps.map(({ stages }, app) =>
      laneSpecs.every((spec, lane) => spec.app !== app || spec.stage < stages.length - 1 || !Number.isNaN(accuracy[lane])),
    );
    for (const [app, measured] of this.apps.entries()) {
      const variants = system.apps[app].stages.at(-1)!.variants;
      if (laneSpecs.some((spec) => spec.app === app && spec.stage === system.apps[app].stages.length - 1 && system.sites[spec.site].device === true)) measured.onDevice = 0;
      if (variants !== undefined) measured.answeredBy = variants.map(() => 0);
    }
    this.variantOf = laneSpecs.map(({ app, model, site }) =>
      (system.apps[app].stages.at(-1)!.variants ?? []).findIndex((variant) => variant.model === model && variant.sites.includes(site)),
    );
  }

  ended(request: number, outcome: Outcome, nowMs: number): void {
    const { requests } = this.run.control;
    const index = requests.app[request];
    const app = this.apps[index];
    const bornMs = requests.bornMs[request];
    const answered = outcome === Outcome.answered;
    const deadlineMs = requests.deadlineMs[request];
    const inTime = answered && nowMs <= deadlineMs;
    if (answered && nowMs >= this.warmUpMs && nowMs <= this.endMs) app.answersInWindow++;
    if (bornMs >= this.warmUpMs) {
      app.born++;
      if (deadlineMs < Infinity) {
        app.withSlo++;
        if (inTime) app.inSlo++;
        this.attainment.add(bornMs - this.warmUpMs, inTime);
      }
      if (answered) {
        const latencyMs = nowMs - bornMs;
        app.answered++;
        if (inTime) app.inTime++;
        const accuracy = this.accuracyOf(index, request, nowMs);
        if (accuracy !== undefined) {
          app.accuracySum = (app.accuracySum ?? 0) + accuracy;
          app.inTimeAccuracySum = (app.inTimeAccuracySum ?? 0) + (inTime ? accuracy : 0);
        }
        if (app.onDevice !== undefined) app.onDevice += this.run.control.devices.isDevice[this.run.control.laneSpecs[requests.lane[request]].site];
        if (app.answeredBy !== undefined) app.answeredBy[this.variantOf[requests.lane[request]]]++;
        app.latencySumMs += latencyMs;
        this.histograms[index].add(latencyMs);
      } else if (outcome === Outcome.rejected) app.rejected++;
      else if (outcome === Outcome.failed) app.failed++;
      else app.unfinished++;
    }
    this.endedAtMs = nowMs;
    if (this.series !== undefined && answered) {
      this.series.latencyMs.add(nowMs - bornMs);
      this.series.bornMs.add(bornMs);
    }
    if (this.recorder !== undefined) this.recorder.ended(request, outcome, nowMs);
  }

  /** Chance that an answer is right, where it is known: as the app's model drifts, as the version was that answered, or as its lane's model is. */
  private accuracyOf(app: number, request: number, nowMs: number): number | undefined {
    const { world, control } = this.run;
    if (world?.has(app)) return world.accuracyOf(app, nowMs);
    if (!this.knowsAccuracy[app]) return undefined;
    return control.storage === undefined ? control.accuracy[control.requests.lane[request]] : control.requests.accuracy[request];
  }

  windowBegan(): void {
    // A run that is over before its warm-up has no window.
    if (this.atEnd === undefined) this.atStart = this.snapshot();
  }

  windowEnded(nowMs: number): void {
    this.endMs = nowMs;
    this.endedAtMs = nowMs;
    this.backlogAtEnd = this.run.control.books.inSystem;
    this.atEnd = this.snapshot();
    this.recorder?.windowEnded(nowMs);
  }

  sampled(inSystem: number, nowMs: number): void {
    if (this.samples++ % this.sampleStride !== 0) return;
    this.sampleMs.push(nowMs);
    this.sampleInSystem.push(inSystem);
    if (this.sampleMs.length < MAX_SAMPLES) return;
    // A run of unknown length: from here on every second sample, of the past ones too.
    this.sampleStride *= 2;
    for (let i = 0; 2 * i < this.sampleMs.length; i++) {
      this.sampleMs[i] = this.sampleMs[2 * i];
      this.sampleInSystem[i] = this.sampleInSystem[2 * i];
    }
    this.sampleMs.length = this.sampleInSystem.length = MAX_SAMPLES / 2;
  }

  workerDoes(worker: number, doing: Doing, nowMs: number): void {
    this.recorder?.workerDoes(worker, doing, nowMs);
  }

  jobDoes(job: number, doing: Doing, nowMs: number): void {
    this.recorder?.jobDoes(job, doing, nowMs);
  }

  epochEnded(job: number, nowMs: number): void {
    this.recorder?.epochEnded(job, nowMs);
  }

  faulted(event: FaultEvent): void {
    this.recorder?.faulted(event);
  }

  warmUpSeries(): WarmUpSeries | undefined {
    return this.series && { latencyMs: this.series.latencyMs.means(), bornMs: this.series.bornMs.means() };
  }

  result(): Measured {
    const { accelerators, control } = this.run;
    const end = this.atEnd ?? this.snapshot();
    const start = this.atStart ?? end;
    const windowMs = end.ms - start.ms;
    const shareOf = (after: number, before: number) => (windowMs > 0 ? (after - before) / windowMs : 0);
    return {
      windowMs,
      apps: this.apps,
      backlogSlopeRps: this.sampleMs.length > 2 ? 1000 * slope(this.sampleMs, this.sampleInSystem) : 0,
      meanInSystem: this.sampleInSystem.length > 0 ? mean(this.sampleInSystem) : 0,
      backlogAtEnd: this.backlogAtEnd,
      clearedAfterMs: this.endedAtMs - end.ms,
      longestSloMs: this.run.longestSloMs,
      outOfMemory: control.books.outOfMemory,
      disturbedS: this.attainment.longestDisturbanceS(),
      energyJ: end.energyJ.map((energyJ, id) => energyJ - start.energyJ[id]),
      epochs: end.epochs.map((epochs, job) => epochs - start.epochs[job]),
      busyShare: accelerators.map((_, id) => shareOf(end.busyMs[id], start.busyMs[id])),
      outsideShare: accelerators.map((_, id) => shareOf(end.outsideMs[id], start.outsideMs[id])),
      outside: accelerators.find((a) => a.outsideMs > 0)?.outside,
      ...(control.legs.duplicated > 0
        ? { duplicates: { share: control.legs.duplicated / control.books.born, ...(control.books.servedMs > 0 ? { wastedShare: control.legs.wastedMs / control.books.servedMs } : {}) } }
        : {}),
      ...(this.run.world && { learnt: this.run.world.learnt() }),
    };
  }

  private snapshot(): Snapshot {
    const { accelerators, control, nowMs } = this.run;
    return {
      ms: nowMs,
      epochs: control.system.jobs.map((_, job) => this.run.epochs(job)),
      busyMs: accelerators.map((a) => a.busyMs),
      energyJ: accelerators.map((a) => a.energyJ),
      outsideMs: accelerators.map((a) => a.outsideMs),
    };
  }
}

const MAX_SAMPLES = 1024;

interface Snapshot {
  ms: number;
  epochs: number[];
  busyMs: number[];
  energyJ: number[];
  outsideMs: number[];
}
