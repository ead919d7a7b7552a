// The program of the process in which a backend is looked for: argument in, answer out through the channel of the fork.
import { backendNamed } from './backends.js';
import { BackendUnavailable } from './contract.js';

const answer = await backendNamed(process.argv[2])
  .find()
  .catch((error: unknown) => new BackendUnavailable('', { reason: `it does not open: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, mend: 'see docs/backends.md' }).found);

process.send!(answer, () => process.exit());
