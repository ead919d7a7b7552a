import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityClass } from '../../../contention/contract.js';
import { afterIdle } from '../../../profile/after-idle.js';
import { batchMs } from '../../../profile/batch.js';
import { stream } from '../../../random/stream.js';
import { defineEngine, OutOfMemory, type Engine, type ServedModel, type Trainee, type TrainingOrder } from '../engine.js';
import { FakeDevice } from './device.js';
import { Neighbours } from './neighbours.js';
import { FakeProgramSchema, type FakeProgram } from './program.js';

/** How long a process goes on before it looks again who is active beside it. */
const LOOK_AGAIN_MS = 0.5;
/** Less is not slept, since waking up takes as long. */
const SHORTEST_SLEEP_MS = 0.06;

/** What a process is active as where there is no profile. */
const [ANSWERS, TRAINS, EVALUATES] = [0, 1, 2] as const;

/** The fake weights are one byte. */
const MOST_CLASSES = 256;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Programmed work on one fake accelerator: a rate of 1 / slowdown(active processes), followed while it lasts. */
class FakeEngine implements Engine {
  readonly device = 'a fake accelerator';
  private readonly program: FakeProgram;
  private readonly shared: FakeDevice;
  private readonly kinds = new Int32Array(3);
  private readonly neighbours: Neighbours | undefined;

  constructor(program: FakeProgram, file: string) {
    this.program = program;
    if (program.profile !== undefined) this.neighbours = new Neighbours(program.profile);
    this.shared = new FakeDevice(file);
  }

  async load(name: string): Promise<ServedModel> {
    const model = this.program.models[name];
    if (model === undefined) throw new Error(`the program of the fake accelerator has no model ${name}; it has ${Object.keys(this.program.models).join(', ')}`);
    this.work(model.load_ms, 'loading', 'any');
    this.take(model.memory_mib, `model ${name}`);
    this.shared.serve();
    const idle = afterIdle(model);
    const draw = stream(process.pid, 'idle');
    let [endedMs, cold] = [-Infinity, 1];
    const length = model.input.reduce((product, n) => product * n, 1);
    let shift = 0;
    return {
      input: { name: 'input', datatype: 'FP32', shape: model.input },
      output: { name: 'probabilities', datatype: 'FP32', shape: [model.classes] },
      infer: (images) => {
        const nowMs = performance.now();
        const trains = idle !== undefined && this.trains(nowMs);
        cold = idle?.coldAfter(cold, nowMs - endedMs, trains) ?? 0;
        this.work(batchMs(model, images.length), 'inference', name, idle?.addedMs(this.shared.serving(), cold, trains, draw()));
        endedMs = performance.now();
        cold = idle?.coldAfterWork(cold, endedMs - nowMs, trains) ?? 0;
        const answers = images.map((image) => answer(image, length, model.classes, shift));
        return Promise.resolve(model.miscount === undefined ? answers : this.miscounted(answers, model.miscount));
      },
      setWeights: ([first]) => void (shift = first),
    };
  }

  async train({ model: name }: TrainingOrder, inUse?: Uint8Array): Promise<Trainee> {
    const job = this.program.training[name];
    if (job === undefined) throw new Error(`the program of the fake accelerator does not train ${name}; it trains ${Object.keys(this.program.training).join(', ') || 'nothing'}`);
    this.take(job.memory_mib, `training of ${name}`);
    let doneMs = 0;
    let evaluated = 0;
    let shift = inUse?.[0] ?? 0;
    return {
      slice: () => {
        const sliceMs = Math.min(job.slice_ms, job.epoch_ms - doneMs);
        const sinceMs = performance.now();
        this.work(sliceMs, 'training', name);
        // The data of the next slice was loaded meanwhile; what is missing of it is waited for.
        const loadingMs = job.loader_ms - (performance.now() - sinceMs);
        if (loadingMs > 0) Atomics.wait(sleeper, 0, 0, loadingMs);
        doneMs += sliceMs;
        // What rounding leaves of an epoch is no slice.
        const ended = doneMs >= job.epoch_ms * (1 - 1e-9);
        if (ended) doneMs = 0;
        return Promise.resolve({ epochEnded: ended, whole: sliceMs >= job.slice_ms * (1 - 1e-9) });
      },
      evaluate: () => {
        this.work(job.evaluate_ms ?? job.slice_ms, 'evaluation', name);
        evaluated = (evaluated + 1) % job.evaluate_batches;
        return Promise.resolve({ epochEnded: evaluated === 0, whole: true });
      },
      deploy: () => {
        if (!job.better || job.shift === 0) return Promise.resolve({ better: job.better });
        shift = (shift + job.shift) % MOST_CLASSES;
        return Promise.resolve({ better: true, weights: Uint8Array.of(shift) });
      },
    };
  }

  private take(memoryMiB: number, what: string): void {
    const { memory_mib = Infinity, fixed_mib } = this.program;
    if (!this.shared.take(memoryMiB, memory_mib - fixed_mib)) throw new OutOfMemory(`${what} needs ${memoryMiB} MiB, which the accelerator of ${memory_mib} MiB has not left`);
  }

  /** Too many or too few answers, for as many batches as the program says; a file for each is what the processes know of them. */
  private miscounted(answers: Uint8Array[], { batches, by }: { batches: number; by: number }): Uint8Array[] {
    for (let batch = 0; batch < batches; batch++) {
      try {
        closeSync(openSync(join(this.program.device!, `miscount-${batch}`), 'wx'));
      } catch {
        continue;
      }
      return by < 0 ? answers.slice(0, by) : [...answers, ...Array.from({ length: by }, () => answers[0])];
    }
    return answers;
  }

  /** Whether a retraining job is at work. */
  private trains(nowMs: number): boolean {
    const [from, to] = this.neighbours?.training ?? [TRAINS, TRAINS + 1];
    return this.shared.isActiveAs(nowMs, from, to);
  }

  /** Is active until work of so many ms, alone, is done, and so much is added that neighbours do not slow. */
  private work(soloMs: number, kind: ActivityClass['kind'] | 'evaluation', model: string, addedMs = 0): void {
    if (soloMs === 0) return;
    const { work } = this.program;
    // A profile has no class of its own for evaluation.
    const as = this.neighbours?.classOf(kind === 'evaluation' ? 'training' : kind, model) ?? (kind === 'evaluation' ? EVALUATES : kind === 'training' ? TRAINS : ANSWERS);
    this.shared.setActive(as + 1);
    let lastMs = performance.now();
    let factor = this.factor(lastMs, as);
    let leftMs = soloMs + addedMs / factor;
    while (leftMs > 0) {
      const restMs = Math.min(leftMs * factor, LOOK_AGAIN_MS);
      if (work === 'sleep' && restMs > SHORTEST_SLEEP_MS) Atomics.wait(sleeper, 0, 0, restMs - SHORTEST_SLEEP_MS);
      else while (performance.now() < lastMs + restMs);
      const nowMs = performance.now();
      leftMs -= (nowMs - lastMs) / factor;
      lastMs = nowMs;
      if (leftMs > 0) factor = this.factor(nowMs, as);
    }
    this.shared.setActive(0);
  }

  /** The list that holds at present. */
  private slowdowns(nowMs: number): readonly number[] {
    const { slowdown, evaluate_slowdown } = this.program;
    if (evaluate_slowdown === undefined || this.neighbours !== undefined) return slowdown;
    this.shared.count(nowMs, this.kinds);
    return this.kinds[EVALUATES] > 0 ? evaluate_slowdown : slowdown;
  }

  /** By the processes that are active now, and by who disturbs them: all processes agree on the time of day. */
  private factor(nowMs: number, as: number): number {
    const { disturbance } = this.program;
    const slowdown = this.slowdowns(nowMs);
    const own = this.neighbours?.slowdown(this.shared, nowMs, as) ?? slowdown[Math.min(this.shared.active(nowMs), slowdown.length) - 1];
    return disturbance !== undefined && Date.now() % disturbance.every_ms < disturbance.for_ms ? own * disturbance.factor : own;
  }
}

/** All probability on the class that the image's first element says, moved by what was learnt, so that a test sees whose answer it got. */
function answer(image: Uint8Array, length: number, classes: number, shift: number): Uint8Array {
  const first = image.length === length ? image[0] : Buffer.from(image.buffer, image.byteOffset, 4).readFloatLE(0);
  const probabilities = new Float32Array(classes);
  probabilities[(((Math.trunc(first) + shift) % classes) + classes) % classes] = 1;
  return new Uint8Array(probabilities.buffer);
}

export default defineEngine({
  name: 'fake',
  about: 'Programmed times, memory and slowdown, and no accelerator: to test policies, servers and calibration with.',
  options: FakeProgramSchema,
  open: ({ options, accelerator }) => {
    const all = options as FakeProgram;
    const program = all.accelerators?.[accelerator] ?? all;
    return Promise.resolve(new FakeEngine(program, join(all.device!, `accelerator-${accelerator}`)));
  },
});
