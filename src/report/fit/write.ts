import { writeFiles } from '../write.js';
import { fitHtml } from './html.js';
import type { FitPage } from './input.js';

/** Writes `fit.json` and `fit.html` into a directory. @returns their paths. @throws InputError when it cannot be written to */
export function writeFit(dir: string, result: unknown, page: FitPage): Promise<string[]> {
  return writeFiles(dir, [
    ['fit.json', () => `${JSON.stringify(result, undefined, 2)}\n`],
    ['fit.html', () => fitHtml(page)],
  ]);
}
