import picocolors from 'picocolors';
import { works, type Found, type Unavailable } from '../executor/backends/contract.js';

/** The list of `corun backends` for a terminal: each backend with its device, or with why it does not work and what mends it. */
export function backendTable(listed: readonly { name: string; found: Found | Unavailable }[], { colour }: { colour?: boolean } = {}): string {
  const c = picocolors.createColors(colour ?? false);
  const indent = ' '.repeat(Math.max(...listed.map(({ name }) => name.length)) + 4);
  return listed
    .map(({ name, found }) =>
      works(found)
        ? `${c.green('✓')} ${name.padEnd(indent.length - 2)}${found.device}${found.memoryMiB === undefined ? '' : `, ${Math.round(found.memoryMiB)} MiB`}\n${indent}${c.dim(found.version)}\n`
        : `${c.red('✗')} ${name.padEnd(indent.length - 2)}${found.reason}\n${indent}${c.dim(found.mend)}\n`,
    )
    .join('');
}
