import type { Description } from '../../trace/describe.js';
import { writeFiles } from '../write.js';
import { traceHtml } from './html.js';

/** Writes `description.json` and `trace.html` into a directory. @returns their paths. @throws InputError when it cannot be written to */
export function writeDescription(dir: string, name: string, description: Description): Promise<string[]> {
  return writeFiles(dir, [
    ['description.json', () => `${JSON.stringify(description, undefined, 2)}\n`],
    ['trace.html', () => traceHtml(name, description)],
  ]);
}
