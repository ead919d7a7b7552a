import type { Plan } from '../calibrate.js';
import { cellName, evaluates, jobsOf, type Cell } from './cell.js';

/** A time in words: `4 min 10 s`. */
export function timeText(ms: number): string {
  const s = Math.max(1, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.round(s / 60);
  if (s < 600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  return min < 120 ? `${min} min` : `${Math.floor(min / 60)} h ${min % 60} min`;
}

const sections: readonly [what: string, is: (cell: Cell) => boolean][] = [
  ['inference alone, by batch', (c) => c.kind === 'closed' && c.training === undefined && jobsOf(c) === 1],
  ['several inference jobs, back to back', (c) => c.kind === 'closed' && c.training === undefined && jobsOf(c) > 1],
  ['training alone', (c) => c.kind === 'closed' && c.training !== undefined && !evaluates(c.training) && jobsOf(c) === 0],
  ['inference beside training', (c) => c.kind === 'closed' && c.training !== undefined && !evaluates(c.training) && jobsOf(c) > 0],
  ['evaluation of held-out images, alone', (c) => evaluates(c.training) && jobsOf(c) === 0],
  ['inference beside evaluation', (c) => evaluates(c.training) && jobsOf(c) > 0],
  ['open loops', (c) => c.kind === 'open'],
  ['beside a neighbour that loads', (c) => c.kind === 'loading'],
  ['memory until it is full', (c) => c.kind === 'memory'],
];

/** What is going to be measured, for the user. @param every also lists each cell */
export function planText({ cells, turns, probes, machine, estimateMs }: Plan, { budgetS, every = false }: { budgetS: number; every?: boolean }): string {
  const lines = [`${machine.device} on ${machine.host.processors} processors (${machine.host.cpu})`];
  for (const [model, { soloMs, loadMs, input }] of Object.entries(probes.models)) lines.push(`  ${model} (${input.join(' x ')}): ${short(soloMs)} ms alone, ${short(loadMs)} ms to load`);
  for (const [job, { sliceMs, loadMs }] of Object.entries(probes.training)) lines.push(`  training ${job}: ${short(sliceMs)} ms a slice, ${short(loadMs)} ms to load`);
  lines.push(`${cells.length} cells in ${turns.length} turns:`);
  for (const [what, is] of sections) {
    const own = cells.filter(is);
    if (own.length === 0) continue;
    lines.push(`  ${String(own.length).padStart(4)}  ${what}`);
    if (every) lines.push(...own.map((cell) => `          ${cellName(cell)}`));
  }
  const solos = turns.filter(({ run }) => run.startsWith('s')).length;
  lines.push(`  ${String(solos).padStart(4)}  solo runs in between, to watch the machine`);
  const late = estimateMs > budgetS * 1000 ? `; what would begin after ${timeText(budgetS * 1000)} is left out` : '';
  lines.push(`About ${timeText(Math.min(estimateMs, budgetS * 1000))}${late}.`);
  return lines.join('\n');
}

const short = (ms: number): string => String(Number(ms.toPrecision(3)));
