// Builds native TensorFlow as a user would, into a temporary folder, and breaks it in ways that a second run has to mend: npm run setup-tensorflow
// With a folder as argument it leaves what it built there, for CORUN_HOME.
// Where the package index cannot be reached it says so and passes; anything else that fails is a failure.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'corun-setup '));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
const python = process.env.PYTHON ?? 'python3';
const home = join(temporary, 'home');
const folder = join(home, 'tensorflow-cpu');

const reached = spawnSync(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', temporary, 'six'], { encoding: 'utf8', timeout: 60_000 });
if (reached.status !== 0) {
  process.stdout.write(`skipped: pip cannot download from the package index:\n${reached.stderr ?? reached.error}\n`);
  process.exit(0);
}

let failed = 0;
function check(title, holds, shown = '') {
  if (!holds) failed++;
  process.stdout.write(`${holds ? 'ok     ' : 'failed '} ${title}\n${holds ? '' : shown}`);
}

/** Runs the command, and says how long it took. */
function setup(home) {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', 'setup', 'tensorflow', '--format', 'json', '--dir', home], { cwd: root, encoding: 'utf8', timeout: 230_000 });
  process.stdout.write(`${stderr}${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
  return { status, stderr, result: status === 0 ? JSON.parse(stdout) : undefined };
}

const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
delete env.LD_LIBRARY_PATH;
const tryOut = (home) => spawnSync(process.execPath, ['dist/executor/tensorflow/trial.js', join(home, 'tensorflow-cpu/node_modules/@tensorflow/tfjs-node')], { cwd: root, encoding: 'utf8', env });

const first = setup(home);
check('it builds, loads, agrees with the backend cpu and learns', first.status === 0, first.stderr);
if (first.status === 0) {
  const { trial, wheels } = first.result;
  check('the library is the version that was asked for', trial.tensorflow === first.result.tensorflow, trial.tensorflow);
  check('a checksum is recorded', wheels.length === 1 && /^[0-9a-f]{64}$/.test(wheels[0].sha256));
  check('the wheel is gone', !existsSync(join(folder, 'wheels')));
  const again = setup(home);
  check('a second run does nothing', again.status === 0 && !again.stderr.includes('1/5'), again.stderr);

  rmSync(first.result.directory + '/lib', { recursive: true });
  const mended = setup(home);
  check('what was lost is built anew, from what is there', mended.status === 0 && mended.stderr.includes('3/5 packages: done before') && !mended.stderr.includes('4/5 build: done before'), mended.stderr);

  renameSync(home, `${home} moved`);
  const moved = tryOut(`${home} moved`);
  check('it loads after its folder was moved', moved.status === 0, moved.stderr);
  check('the record tells the same', JSON.parse(readFileSync(join(`${home} moved`, 'tensorflow-cpu', 'setup.json'), 'utf8')).done.length === 5);
  if (process.argv[2] !== undefined) cpSync(`${home} moved`, process.argv[2], { recursive: true, verbatimSymlinks: true });
}
process.stdout.write(failed === 0 ? 'native TensorFlow was built and works\n' : `${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
