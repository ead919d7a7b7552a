import type { CommandModule, InferredOptionTypes } from 'yargs';
import type { Manifest } from '../../executor/repository/manifest.js';
import { InputError } from '../../input/error.js';
import { type options, withOptions } from '../options.js';

type Arguments = { place?: string; tokenFile?: string } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'list <place>',
  describe: 'the models of a repository and their versions',
  builder: (argv) =>
    withOptions(
      argv
        .positional('place', { type: 'string', describe: 'folder of a repository, or the URL of one that is served' })
        .option('token-file', { type: 'string', describe: 'file with the token that it wants' }),
      ['format'],
    )
      .example('$0 repository list models', 'on this machine')
      .example('$0 repository list http://127.0.0.1:8100 --format json', 'of one that is served'),
  handler: async ({ place, tokenFile, format }) => {
    const manifest = await manifestOf(place!, tokenFile);
    if (format === 'json') process.stdout.write(`${JSON.stringify(manifest, undefined, 2)}\n`);
    else {
      const { repositoryText } = await import('../../report/repository.js');
      process.stdout.write(repositoryText(manifest.models));
    }
  },
};

async function manifestOf(place: string, tokenFile: string | undefined): Promise<Manifest> {
  if (/^https?:/i.test(place)) {
    const { RepositoryClient } = await import('../../executor/repository/client.js');
    const { tokenIn } = await import('../serve/listening.js');
    const client = new RepositoryClient(place, { token: tokenFile === undefined ? undefined : tokenIn(tokenFile) });
    try {
      return (await client.manifest(new AbortController().signal))!.manifest;
    } catch (error) {
      throw error instanceof InputError ? error : new InputError((error as Error).message);
    }
  }
  const { stat } = await import('node:fs/promises');
  const { RepositoryStore } = await import('../../executor/repository/store.js');
  if (!(await stat(place).then((found) => found.isDirectory(), () => false))) throw new InputError(`${place}: there is no such folder; name the folder of a repository, or its URL`);
  return new RepositoryStore(place).manifest();
}

export default command;
