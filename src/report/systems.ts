import type { NamedSystem } from '../policy/named-system.js';
import { wrap } from './text-width.js';

const WIDTH = 100;

const shown = (fill: unknown): string => (typeof fill === 'string' ? fill : JSON.stringify(fill));

function decides({ fills }: NamedSystem): string {
  const parts = Object.entries(fills).map(([kind, fill]) => `${kind}: ${shown(fill)}`);
  return parts.length > 0 ? parts.join(', ') : 'nothing by itself: a planner, asked beforehand';
}

/** A label in a column of its own, its text beside it over as many lines as needed. */
function row(label: string, text: string): string {
  const lines = wrap(text, WIDTH - 17);
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(15)}${line}\n`).join('');
}

const listed = (label: string, parts: readonly string[]): string => (parts.length === 0 ? row(label, 'nothing') : parts.map((part, i) => row(i === 0 ? label : '', part)).join(''));

/** Published systems for the terminal. @param whole everything that is known of them, not only what they are and decide */
export function systemsText(systems: readonly NamedSystem[], whole: boolean): string {
  return systems
    .map((system) => {
      const lines = [row('', system.about), row('decides', decides(system)), row('runs in', system.runs.join(', '))];
      if (whole)
        lines.push(
          row('source', system.source),
          listed('from the paper', system.published),
          listed('reconstructed', system.reconstructed),
          listed('checked by', system.checks.map((name) => `${name} (docs/papers.md)`)),
        );
      return `${system.name}\n${lines.join('')}`;
    })
    .join('\n');
}
