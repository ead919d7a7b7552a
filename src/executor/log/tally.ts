import type { Control } from '../../control/control.js';
import type { Driver, Observer, Outcome } from '../../control/driver.js';
import { NONE } from '../../policy/contract.js';

/** One command of control, or the end of a request: its name and its numbers. */
export type Command = readonly [name: keyof Driver | 'ended', ...numbers: number[]];

const NAMES: readonly Command[0][] = ['upload', 'forward', 'answer', 'duplicated', 'start', 'load', 'kill', 'train', 'pause', 'deploy', 'discard', 'notice', 'wake', 'ended', 'pull', 'discardModel'];
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** Notes every command on its way from control to a driver: as a checksum, and one by one for whoever wants them. */
export class Tally implements Driver, Observer {
  /** FNV-1a over the commands so far, 32-bit words instead of bytes. */
  checksum = FNV_BASIS;
  private readonly driver: Driver;
  private readonly observer: Observer;
  private readonly onCommand: ((command: Command) => void) | undefined;
  /** Set once, since control needs its driver before it exists. */
  control!: Control;

  constructor(driver: Driver, observer: Observer, onCommand?: (command: Command) => void) {
    this.driver = driver;
    this.observer = observer;
    this.onCommand = onCommand;
  }

  upload(request: number, site: number): boolean {
    this.note('upload', request, site);
    return this.driver.upload(request, site);
  }

  forward(request: number, fromSite: number, toSite: number): boolean {
    this.note('forward', request, fromSite, toSite);
    return this.driver.forward(request, fromSite, toSite);
  }

  answer(request: number): boolean {
    this.note('answer', request);
    return this.driver.answer(request);
  }

  duplicated(request: number, leg: number): void {
    this.note('duplicated', request, leg);
    this.driver.duplicated(request, leg);
  }

  start(worker: number): void {
    const { workers, requests } = this.control;
    const batch = [];
    for (let request = workers[worker].batch; request !== NONE; request = requests.next[request]) batch.push(request);
    this.note('start', worker, ...batch);
    this.driver.start(worker);
  }

  load(worker: number, warm: boolean): void {
    const { lane, accelerator } = this.control.workers[worker];
    this.note('load', worker, lane, accelerator, warm ? 1 : 0);
    this.driver.load(worker, warm);
  }

  kill(worker: number): void {
    this.note('kill', worker);
    this.driver.kill(worker);
  }

  train(job: number, fresh: boolean): void {
    this.note('train', job, fresh ? 1 : 0);
    this.driver.train(job, fresh);
  }

  pause(job: number): void {
    this.note('pause', job);
    this.driver.pause(job);
  }

  deploy(job: number): void {
    this.note('deploy', job);
    this.driver.deploy(job);
  }

  discard(job: number): void {
    this.note('discard', job);
    this.driver.discard(job);
  }

  notice(job: number): void {
    this.note('notice', job);
    this.driver.notice(job);
  }

  pull(site: number, model: number): void {
    this.note('pull', site, model);
    this.driver.pull!(site, model);
  }

  discardModel(site: number, model: number): void {
    this.note('discardModel', site, model);
    this.driver.discardModel!(site, model);
  }

  wake(decision: number, atMs: number): void {
    this.note('wake', decision, atMs);
    this.driver.wake(decision, atMs);
  }

  ended(request: number, outcome: Outcome, nowMs: number): void {
    this.note('ended', request, outcome);
    this.observer.ended(request, outcome, nowMs);
  }

  private note(...command: Command): void {
    this.mix(NAMES.indexOf(command[0]));
    for (let i = 1; i < command.length; i++) {
      float[0] = command[i] as number;
      this.mix(words[0]);
      this.mix(words[1]);
    }
    this.onCommand?.(command);
  }

  private mix(word: number): void {
    this.checksum = Math.imul(this.checksum ^ word, FNV_PRIME) >>> 0;
  }
}
