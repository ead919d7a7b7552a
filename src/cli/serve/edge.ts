import { RepositoryClient } from '../../executor/repository/client.js';
import { Edge } from '../../executor/repository/edge.js';
import { edgeOf } from '../../experiment/serving/open.js';
import { InputError } from '../../input/error.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import type { ServeArguments } from '../serve.js';
import type { ServeLog } from '../serve-log.js';
import { tokenIn } from './listening.js';

/** The edge that the options describe; undefined where they name no repository. @throws InputError */
export async function openEdge({ repository, repositoryTokenFile, storage, pollS = 5 }: ServeArguments, alternative: ResolvedAlternative, log: ServeLog): Promise<Edge | undefined> {
  if (repository === undefined) {
    const alone = storage !== undefined ? '--storage' : repositoryTokenFile !== undefined ? '--repository-token-file' : undefined;
    if (alone !== undefined) throw new InputError(`${alone} is for models of a repository; name it: --repository URL`);
    return undefined;
  }
  if (storage === undefined) throw new InputError('--repository needs a folder that keeps what is pulled: --storage DIR');
  if (!(pollS > 0)) throw new InputError(`--poll-s ${pollS}: a number of seconds above 0 is needed`);
  const wanted = edgeOf(alternative);
  const client = new RepositoryClient(repository, { token: repositoryTokenFile === undefined ? undefined : tokenIn(repositoryTokenFile) });
  return Edge.open(client, storage, { ...wanted, pollMs: pollS * 1000, tell: (level, event, sentence, fields) => log.tell(level, event, sentence, fields) });
}
