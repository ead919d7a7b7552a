import { homedir } from 'node:os';
import { describe } from 'vitest';
import { findTensorflow, type FoundTensorflow } from '../../../src/executor/tensorflow/find.js';

const found = await findTensorflow({ env: process.env, homeDir: homedir(), platform: process.platform }, false);

/**
 * As `describe`, for tests that need what `corun setup tensorflow` builds: skipped, and said so in the title, where it is absent.
 * What is found is only there while the tests run.
 */
export function describeWithNative(title: string, tests: (found: () => FoundTensorflow) => void): void {
  describe.skipIf(found === undefined)(found === undefined ? `${title} (skipped: what corun setup tensorflow builds is absent)` : title, () => tests(() => found!));
}
