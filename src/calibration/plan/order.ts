import { stream, type Seed } from '../../random/stream.js';
import { evaluates, type Cell, type Turn } from './cell.js';

/**
 * The order of the cells: by repetition, within it at random, so that what the machine does meanwhile falls on all of them alike.
 * Open loops come after those back to back, which tell their capacity; what evaluates comes last, and so is left out first where time is short. Solo runs (`s1`, `s2`, …) of each model by turns stand at the
 * beginning, at the end, and after every few cells: they watch the machine.
 */
export function turnsOf(cells: readonly Cell[], { models, repeats, soloEvery, seed }: { models: readonly string[]; repeats: number; soloEvery: number; seed: Seed }): Turn[] {
  const turns: Turn[] = [];
  let solos = 0;
  const watch = (): void => {
    turns.push({ cell: { kind: 'closed', inference: [{ model: models[solos % models.length], batch: 1, count: 1 }] }, run: `s${solos + 1}` });
    solos++;
  };
  // Twice at each end, so that there are enough to tell drift from scatter.
  for (let i = 0; i < Math.max(2, models.length); i++) watch();
  let since = 0;
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const draw = stream(seed, 'order', repeat);
    const [evaluating, others] = [cells.filter((c) => evaluates(c.training)), cells.filter((c) => !evaluates(c.training))];
    for (const part of [others.filter((c) => c.kind !== 'open'), others.filter((c) => c.kind === 'open'), evaluating])
      for (const cell of shuffled(part, draw)) {
        turns.push({ cell, run: `r${repeat}` });
        if (++since % soloEvery === 0) watch();
      }
  }
  for (let i = 0; i < Math.max(2, models.length); i++) watch();
  return turns;
}

/** A random order (Fisher and Yates). */
function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
