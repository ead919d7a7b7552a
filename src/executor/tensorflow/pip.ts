import { InputError } from '../../input/error.js';
import { lastLines, type RunCommand } from './command.js';
import { PYTHON } from './wheel-tags.js';

/** Nothing is wrong with what was asked for: the package index, or npm's registry, did not answer. */
export class UnreachableError extends InputError {}

const NO_ANSWER = /Failed to establish a new connection|NewConnectionError|Connection (?:refused|reset|aborted)|Temporary failure in name resolution|Name or service not known|ConnectTimeout|ReadTimeout|timed out|ProxyError|SSLError|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network is unreachable/i;
const VERSIONS = /\(from versions: ([^)]*)\)/;
const SHOWN = 8;

/** Whether a tool's last words tell of a network that did not answer. */
export const isUnreachable = (said: string): boolean => NO_ANSWER.test(said);

/** What pip's refusal means, and what mends it. */
export function pipFailure(said: string, wanted: readonly string[]): InputError {
  const versions = VERSIONS.exec(said)?.[1].split(', ').filter((version) => /^\d/.test(version)) ?? [];
  if (versions.length > 0) {
    return new InputError(`setup tensorflow: there is no wheel of ${wanted.join(', ')} for this machine; there are ${versions.length > SHOWN ? '…, ' : ''}${versions.slice(-SHOWN).join(', ')}. Choose one with --version.`);
  }
  // Pip tells of a mirror that does not answer, with retries off, only in that it knows no version at all.
  if (isUnreachable(said) || /\(from versions: none\)/.test(said)) {
    return new UnreachableError(`setup tensorflow: pip reached no package index that has ${wanted.join(', ')} for this machine:\n${lastLines(said, 3)}\nCheck the network, or name a mirror: pip config set global.index-url URL. What was downloaded before is kept.`);
  }
  if (/No space left on device|ENOSPC/.test(said)) return new InputError('setup tensorflow: the disk is full. Make room, or choose another place with --dir, and run the command again: it goes on where it stopped.');
  return new InputError(`setup tensorflow: pip download ${wanted.join(' ')} failed:\n${lastLines(said, 8)}`);
}

/**
 * Downloads wheels, without what they depend on. Those that are there already are not downloaded again; pip compares
 * each with the hash that the index states.
 *
 * @param wanted requirements as pip takes them: `tensorflow==2.21.0`
 * @param platforms as of `wheelPlatforms`
 * @throws InputError, for a network that does not answer UnreachableError
 */
export async function pipDownload(run: RunCommand, python: string, wanted: readonly string[], platforms: readonly string[], folder: string, onOutput?: (text: string) => void): Promise<void> {
  const machine = ['--python-version', PYTHON.version, '--implementation', 'cp', '--abi', PYTHON.abi, ...platforms.flatMap((platform) => ['--platform', platform])];
  const args = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', ...machine, '--dest', folder, ...wanted];
  const { status, stdout, stderr } = await run(python, args, { onOutput });
  if (status !== 0) throw pipFailure(`${stdout}\n${stderr}`, wanted);
}
