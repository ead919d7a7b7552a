import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** Public measurements and traces that lie beside the repository on the developers' machines, and are not part of it. */
const folder = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** Absolute path of one of them. */
export const sharedData = (name: string): string => `${folder}${name}`;

/** As `describe`, for tests that read them: skipped, and said so in the title, where they are absent. */
export function describeWithSharedData(title: string, tests: () => void): void {
  const present = existsSync(folder);
  describe.skipIf(!present)(present ? title : `${title} (skipped: the folder ../shared/data is absent)`, tests);
}
