import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input/error.js';
import { lastLines, type RunCommand } from './command.js';
import { TFJS_NODE } from './home.js';
import { isUnreachable, UnreachableError } from './pip.js';
import type { Places } from './places.js';

/** node-gyp 11 is the last that runs on Node 20 as well as on 24; the headers of Node-API stand in for those of Node. */
const PACKAGES = { '@tensorflow/tfjs-node': TFJS_NODE, 'node-gyp': '^11.5.0', 'node-api-headers': '^1.9.0' };

/**
 * Installs tfjs-node and what its binding is built with into the folder of the setup. No script of theirs is run: that of
 * tfjs-node would download a TensorFlow of 2022.
 *
 * @throws InputError, for a network that does not answer UnreachableError
 */
export async function installPackages(run: RunCommand, { root }: Places, onOutput?: (text: string) => void): Promise<void> {
  await writeFile(join(root, 'package.json'), `${JSON.stringify({ name: 'corun-tensorflow', version: '1.0.0', private: true, dependencies: PACKAGES }, undefined, 2)}\n`);
  const { status, stdout, stderr } = await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, onOutput });
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`;
  if (isUnreachable(said)) throw new UnreachableError(`setup tensorflow: npm reached no registry:\n${lastLines(said, 3)}\nCheck the network, or name a mirror: npm config set registry URL. What was downloaded before is kept.`);
  throw new InputError(`setup tensorflow: npm install in ${root} failed:\n${lastLines(said, 8)}`);
}
