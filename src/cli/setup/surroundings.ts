import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { corunHome, type Surroundings } from '../../executor/tensorflow/home.js';

export const surroundings = (): Surroundings => ({ env: process.env, homeDir: homedir(), platform: process.platform });

/** The option --dir, or where else things are set up. */
export const homeOf = (dir: string | undefined): string => (dir === undefined ? corunHome(surroundings()) : resolve(dir));

export const dirOption = { type: 'string', describe: 'the folder to set up in; then set CORUN_HOME to it, so that other commands find it [default: $CORUN_HOME, or ~/.local/share/corun]' } as const;
