import { Event, NONE, Training, type TrainingChoice, type TrainingConfiguration } from '../policy/contract.js';
import type { Control } from './control.js';
import { Lessons } from './lessons.js';

/** No label comes of answers that nobody checks; the window needs a length all the same. */
const NO_LABELS = 1;

/** The retraining jobs: where they are, what they are told to do, and what is known of what they learnt. */
export class Jobs {
  /** By job. */
  readonly state: Training[];
  readonly accelerator: number[];
  readonly epochs: number[];
  /** Undefined where nothing is learnt. */
  readonly lessons: readonly (Lessons | undefined)[];
  /** Ways in which it can be trained, the scenario's own first; empty where nothing is learnt. */
  readonly configurations: readonly (readonly TrainingConfiguration[])[];
  /** How it is, or was last, trained. */
  readonly choice: TrainingChoice[];
  private readonly control: Control;
  /** Jobs that end when they come to rest. */
  private readonly ending = new Set<number>();

  constructor(control: Control) {
    const { jobs, learning } = control.system;
    this.control = control;
    this.state = jobs.map(() => Training.stopped);
    this.accelerator = jobs.map(() => NONE);
    this.epochs = jobs.map(() => 0);
    this.choice = jobs.map(() => ({}));
    this.configurations = jobs.map((_, job) => {
      const spec = learning?.find((each) => each.job === job);
      return spec === undefined ? [] : [{ name: 'own', ceiling: spec.ceiling, halfGapEpochs: spec.halfGapEpochs }, ...((control.driver.trainsByChoice === true ? spec.configurations : undefined) ?? [])];
    });
    this.lessons = jobs.map(({ epochsPerDeploy, labelWindow }, job) => {
      const spec = learning?.find((each) => each.job === job);
      if (spec !== undefined) return new Lessons(spec.epochsPerDeploy, spec.labelWindow);
      return epochsPerDeploy === undefined ? undefined : new Lessons(epochsPerDeploy, labelWindow ?? NO_LABELS);
    });
  }

  /** The job on an accelerator, or NONE. */
  on(accelerator: number): number {
    return this.accelerator.indexOf(accelerator);
  }

  assign(job: number, accelerator: number): void {
    this.accelerator[job] = accelerator;
    this.takeMemory(job);
  }

  /** Counts the memory of a job's process where it is. */
  takeMemory(job: number): void {
    const { memoryMiB, system } = this.control;
    const accelerator = this.accelerator[job];
    memoryMiB[accelerator] += system.accelerators[accelerator].profile.training?.[system.jobs[job].model]?.memory_mib ?? 0;
  }

  /** Whether the job can be run by this choice: its process has not begun, or trains in just that way. */
  mayRun(job: number, { configuration = 0, sharePercent }: TrainingChoice): boolean {
    const now = this.choice[job];
    return this.state[job] === Training.stopped || ((now.configuration ?? 0) === configuration && now.sharePercent === sharePercent);
  }

  /** Starts or resumes a job: a new process trains by the choice, or without one as the last process did. */
  run(job: number, choice = this.choice[job]): void {
    const fresh = this.state[job] === Training.stopped;
    if (fresh) this.choice[job] = { ...choice };
    if (this.accelerator[job] === NONE || this.state[job] === Training.running || this.control.outages.keepsForLater(job, true)) return;
    this.ending.delete(job);
    this.state[job] = Training.running;
    this.control.driver.train(job, fresh);
  }

  pause(job: number): void {
    if (this.accelerator[job] !== NONE && this.control.outages.keepsForLater(job, false)) return;
    if (this.state[job] !== Training.running) return;
    this.state[job] = Training.pausing;
    this.control.driver.pause(job);
  }

  stop(job: number): void {
    this.pause(job);
    if (this.state[job] === Training.pausing) this.ending.add(job);
    else if (this.state[job] === Training.paused) this.end(job);
  }

  // ------------------------------------------------------------------------------------------------ what happened

  epochEnded(job: number): void {
    const { control } = this;
    this.epochs[job]++;
    const lessons = this.lessons[job];
    if (lessons !== undefined && ++lessons.epochsSinceDeploy >= lessons.epochsPerDeploy && !control.deploysByItself(job)) control.driver.deploy(job);
    control.tellSite(control.system.jobs[job].site, Event.epoch, job);
  }

  labelled(job: number, right: boolean, version: number): void {
    if (this.lessons[job]!.add(right, version)) this.tell(job, Event.labelled);
  }

  deployed(job: number, better: boolean): void {
    const lessons = this.lessons[job]!;
    lessons.epochsSinceDeploy = 0;
    if (better) lessons.deployed();
    this.tell(job, better ? Event.deployed : Event.declined);
  }

  paused(job: number): void {
    this.state[job] = Training.paused;
    if (this.ending.delete(job)) this.end(job);
    this.control.tellSite(this.control.system.jobs[job].site, Event.training, job);
  }

  private end(job: number): void {
    this.state[job] = Training.stopped;
    const lessons = this.lessons[job];
    if (lessons !== undefined) lessons.epochsSinceDeploy = 0;
    this.control.driver.discard(job);
  }

  private tell(job: number, event: Event): void {
    this.control.askRetrain(this.control.system.jobs[job].site, event, job);
  }
}
