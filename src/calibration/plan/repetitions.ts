import type { Turn } from './cell.js';

/** Tells where in a sequence of turns a repetition begins, other than the first. */
export class Repetitions {
  private present: string | undefined;

  begins({ run }: Turn): boolean {
    if (!run.startsWith('r')) return false;
    const before = this.present;
    this.present = run;
    return before !== undefined && before !== run;
  }
}
