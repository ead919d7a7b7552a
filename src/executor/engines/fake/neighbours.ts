import type { ActivityClass, Contention } from '../../../contention/contract.js';
import { bindContention } from '../../../profile/contention.js';
import type { Profile } from '../../../profile/schema.js';
import type { FakeDevice } from './device.js';

/** What a profile's contention model says of the processes that are active on its accelerator, in the classes of a simulation. */
export class Neighbours {
  /** Classes of training, from the first to before the last. */
  readonly training: readonly [number, number];
  private readonly classes: readonly ActivityClass[];
  private readonly contention: Contention;
  private readonly counts: Int32Array;
  private readonly slowdowns: Float64Array;
  /** Of which the slowdowns are; neighbours change seldom, and some models take long to solve. */
  private readonly solved: Int32Array;

  constructor(profile: Profile) {
    this.classes = [
      ...Object.keys(profile.models).map((model) => ({ kind: 'inference' as const, model })),
      ...Object.keys(profile.training ?? {}).map((model) => ({ kind: 'training' as const, model })),
      { kind: 'loading', model: 'any' },
    ];
    const models = Object.keys(profile.models).length;
    this.training = [models, this.classes.length - 1];
    this.contention = bindContention(profile, this.classes);
    this.counts = new Int32Array(this.classes.length);
    this.slowdowns = new Float64Array(this.classes.length);
    this.solved = new Int32Array(this.classes.length);
  }

  classOf(kind: ActivityClass['kind'], model: string): number {
    return this.classes.findIndex((each) => each.kind === kind && each.model === model);
  }

  /** Factor on the time of a process of this class that is active, beside all that are active now. */
  slowdown(device: FakeDevice, nowMs: number, as: number): number {
    device.count(nowMs, this.counts);
    if (this.counts.some((count, i) => count !== this.solved[i])) {
      this.slowdowns.fill(1);
      this.contention.slowdowns(this.counts, this.slowdowns);
      this.solved.set(this.counts);
    }
    return this.slowdowns[as];
  }
}
