import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** One record per process: its id, what it is active as (0: it is not), the memory that it takes in MiB, whether it answers (1). */
export const RECORD = 32;

/**
 * What the processes on one fake accelerator know of each other: a file with a record for each, which its owner overwrites in
 * place. A process that was killed stays in the file and is told by its id, so nothing has to be tidied up after it.
 */
export class FakeDevice {
  private readonly file: number;
  private readonly own: number;
  private readonly record = new Float64Array(4);
  private others = Buffer.alloc(0);
  private readonly living = new Map<number, number>();

  /** @param path of the file; all processes of one accelerator name the same */
  constructor(path: string) {
    const appending = openSync(path, 'a');
    this.record[0] = process.pid;
    writeSync(appending, this.bytes());
    closeSync(appending);
    this.file = openSync(path, 'r+');
    this.own = this.position();
  }

  /** Takes further memory. @returns false if that is more than the capacity; it is given back then */
  take(memoryMiB: number, capacityMiB: number): boolean {
    this.record[2] += memoryMiB;
    this.write();
    if (this.usedMiB() <= capacityMiB) return true;
    this.record[2] -= memoryMiB;
    this.write();
    return false;
  }

  /** Memory of all living processes, MiB. */
  usedMiB(): number {
    let usedMiB = 0;
    this.forEachLiving(0, (_active, mib) => (usedMiB += mib));
    return usedMiB;
  }

  /** @param as a number from 1, of the kind of work; 0: it rests */
  setActive(as: number): void {
    this.record[1] = as;
    this.write();
  }

  /** This process answers. */
  serve(): void {
    this.record[3] = 1;
    this.write();
  }

  /** Living processes that answer. */
  serving(): number {
    let serving = 0;
    this.forEachLiving(0, (_active, _mib, serves) => (serving += serves));
    return serving;
  }

  /** Whether any process is active as one of these kinds of work, from the first to before the last. */
  isActiveAs(nowMs: number, from: number, to: number): boolean {
    let found = false;
    this.forEachLiving(nowMs, (as) => (found ||= as > from && as <= to));
    return found;
  }

  /** Active processes, this one included. */
  active(nowMs: number): number {
    let active = 0;
    this.forEachLiving(nowMs, (its) => (active += its > 0 ? 1 : 0));
    return Math.max(1, active);
  }

  /** Counts the active processes of each kind of work, this one included. @param into by kind, the first at 0 */
  count(nowMs: number, into: Int32Array): void {
    into.fill(0);
    this.forEachLiving(nowMs, (as) => {
      if (as > 0) into[as - 1]++;
    });
  }

  private position(): number {
    const { size } = fstatSync(this.file);
    const all = Buffer.alloc(size);
    readSync(this.file, all, 0, size, 0);
    let found = 0;
    for (let at = 0; at + RECORD <= size; at += RECORD) if (all.readDoubleLE(at) === process.pid) found = at;
    return found;
  }

  private forEachLiving(nowMs: number, tell: (active: number, memoryMiB: number, serves: number) => void): void {
    const { size } = fstatSync(this.file);
    if (this.others.length < size) this.others = Buffer.alloc(2 * size);
    readSync(this.file, this.others, 0, size, 0);
    for (let at = 0; at + RECORD <= size; at += RECORD) {
      const active = this.others.readDoubleLE(at + 8);
      const memoryMiB = this.others.readDoubleLE(at + 16);
      const serves = this.others.readDoubleLE(at + 24);
      if ((active > 0 || memoryMiB > 0 || serves > 0) && (at === this.own || this.lives(this.others.readDoubleLE(at), nowMs))) tell(active, memoryMiB, serves);
    }
  }

  /** Asking the system costs more than reading the file, so an answer is good for a while. */
  private lives(pid: number, nowMs: number): boolean {
    const asked = this.living.get(pid);
    if (nowMs > 0 && asked !== undefined && (asked === Infinity || nowMs - asked < 20)) return asked !== Infinity;
    const alive = isAlive(pid);
    this.living.set(pid, alive ? nowMs : Infinity);
    return alive;
  }

  private bytes(): Uint8Array {
    return new Uint8Array(this.record.buffer);
  }

  private write(): void {
    writeSync(this.file, this.bytes(), 0, RECORD, this.own);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
