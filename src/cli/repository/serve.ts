import { stat } from 'node:fs/promises';
import type { CommandModule } from 'yargs';
import { InputError } from '../../input/error.js';

interface Arguments {
  folder?: string;
  port: number;
  host: string;
  tokenFile?: string;
  tlsCert?: string;
  tlsKey?: string;
}

const command: CommandModule<object, Arguments> = {
  command: 'serve <folder>',
  describe: 'serve a repository over HTTP; what is published into it meanwhile is served at once',
  builder: (argv) =>
    argv
      .positional('folder', { type: 'string', describe: 'folder of the repository' })
      .option('port', { alias: 'p', type: 'number', default: 8100, describe: 'port; 0 for a free one' })
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen on; others than this machine need 0.0.0.0, and should need a token' })
      .option('token-file', { type: 'string', describe: 'file with a token that edges must send' })
      .option('tls-cert', { type: 'string', describe: 'certificate (PEM), to serve https with; needs --tls-key' })
      .option('tls-key', { type: 'string', describe: 'its private key (PEM)' })
      .example('$0 repository serve models --port 8100', 'for edges on this machine')
      .example('$0 repository serve models --host 0.0.0.0 --token-file token --tls-cert cert.pem --tls-key key.pem', 'for edges elsewhere'),
  handler: async (argv) => {
    const { listen, refusePort, signals, tlsOf, tokenIn } = await import('../serve/listening.js');
    const { RepositoryStore } = await import('../../executor/repository/store.js');
    const { openRepositoryServer } = await import('../../executor/repository/server.js');
    refusePort(argv.port);
    const token = argv.tokenFile === undefined ? undefined : tokenIn(argv.tokenFile);
    const folder = argv.folder!;
    if (!(await stat(folder).then((found) => found.isDirectory(), () => false))) throw new InputError(`${folder}: there is no such folder; publish something first: corun repository publish MODEL FILE --into ${folder}`);
    const store = new RepositoryStore(folder);
    const models = Object.keys((await store.manifest()).models);
    const server = openRepositoryServer(store, { token, tls: tlsOf(argv) });
    const stopped = signals();
    const url = await listen(server, argv);
    process.stderr.write(`corun: serving the repository ${folder} (${models.length === 0 ? 'empty' : models.join(', ')}) at ${url} (Ctrl-C stops)\n`);
    if (token === undefined && !['127.0.0.1', '::1', 'localhost'].includes(argv.host)) process.stderr.write('corun: anyone who reaches this address may read it; --token-file FILE guards it\n');
    await stopped;
    process.once('SIGINT', () => process.exit(130));
    await server.close();
    process.exit(0);
  },
};

export default command;
