import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { InputError } from '../../input/error.js';
import { corunHome, type Surroundings } from '../../executor/tensorflow/home.js';

export const surroundings = (): Surroundings => ({ env: process.env, homeDir: homedir(), platform: process.platform });

/** The option --dir, or where else things are set up. @throws InputError if it is a file */
export function homeOf(dir: string | undefined): string {
  const home = dir === undefined ? corunHome(surroundings()) : resolve(dir);
  if (isFile(home)) throw new InputError(`${dir === undefined ? 'CORUN_HOME' : '--dir'}: ${home} is a file, or lies below one; name a folder`);
  return home;
}

function isFile(place: string): boolean {
  try {
    return statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return true;
    throw error;
  }
}

export const dirOption = { type: 'string', describe: 'the folder to set up in; then set CORUN_HOME to it, so that other commands find it [default: $CORUN_HOME, or ~/.local/share/corun]' } as const;
