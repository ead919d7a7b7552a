import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Due } from '../../src/control/due.js';

type Step = { add: number } | 'shift' | { remove: number };
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.constant('shift' as const) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(60) }) },
  ),
  { maxLength: 150 },
);

describe('due', () => {
  it('is empty at first', () => {
    const due = new Due();
    expect(due.length).toBe(0);
    expect(due.firstMs).toBe(Infinity);
  });

  it('gives what is due first, at equal times what was entered first, as a sorted list would', () => {
    fc.assert(
      fc.property(steps, (done: Step[]) => {
        const due = new Due();
        let list: { timeMs: number; subject: number }[] = [];
        let subjects = 0;
        for (const step of done) {
          if (step === 'shift') {
            if (list.length > 0) expect(due.shift()).toBe(list.shift()!.subject);
          } else if ('add' in step) {
            const subject = subjects++;
            due.add(step.add, subject);
            const after = list.findIndex((each) => each.timeMs > step.add);
            list.splice(after < 0 ? list.length : after, 0, { timeMs: step.add, subject });
          } else {
            due.remove(step.remove);
            list = list.filter(({ subject }) => subject !== step.remove);
          }
          expect(due.length).toBe(list.length);
          expect(due.firstMs).toBe(list[0]?.timeMs ?? Infinity);
          if (list.length > 0) expect(due.first).toBe(list[0].subject);
        }
      }),
    );
  });
});
