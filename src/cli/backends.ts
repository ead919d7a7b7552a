import pc from 'picocolors';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'backends',
  describe: 'list what can compute here, and how to mend what cannot',
  builder: (argv) => withOptions(argv, ['format']).example('$0 backends --format json', 'the list for a script'),
  handler: async ({ format }) => {
    const [{ findBackends }, { backendTable }] = await Promise.all([import('../executor/backends/find.js'), import('../report/backends.js')]);
    const listed = await findBackends();
    const document = { schema: 'corun/backends@1', backends: listed.map(({ name, about, found }) => ({ name, about, ...snakeCase(found) })) };
    process.stdout.write(format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : backendTable(listed, { colour: pc.isColorSupported && process.stdout.isTTY === true }));
  },
};

/** As it stands in files. */
function snakeCase(found: object): object {
  return { available: 'device' in found, ...Object.fromEntries(Object.entries(found).map(([name, value]: [string, unknown]) => [name === 'memoryMiB' ? 'memory_mib' : name, value])) };
}

export default command;
