import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { InputError } from '../../input/error.js';
import { lastLines, type RunCommand } from './command.js';
import { NODE_API, type Places } from './places.js';

/** TensorFlow's libraries in its wheel. The first has the eager and graph API (TFE_…), the second tensors, status, buffers. */
export const LIBRARIES: Readonly<Record<'linux' | 'darwin', readonly string[]>> = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
};

/** Which files of TensorFlow's wheel are needed: the libraries, and the headers of the C API with what they include. */
export function wantsOfTensorflow(path: string): boolean {
  return /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.test(path) || /^tensorflow\/include\/(tensorflow\/(c|core\/platform|tsl)|tsl|xla\/tsl)\/.*\.h$/.test(path);
}

/** Which files of NVIDIA's wheels are needed: shared libraries, and the assembler with its library for code that is compiled late. */
export function wantsOfNvidia(path: string): boolean {
  return /^nvidia\/.*\.so(\.\d+)*$/.test(path) || /^nvidia\/[^/]+\/(bin\/ptxas|nvvm\/libdevice\/.*\.bc)$/.test(path);
}

/**
 * Where the loader looks for libraries, from the folder of the binding on, so that the folder may be moved: TensorFlow's,
 * then NVIDIA's in alphabetical order.
 *
 * @param site what lies in `Places.site`: names of folders with shared libraries, such as `nvidia/cudnn/lib`
 */
export function runPaths(places: Places, site: readonly string[], platform: 'linux' | 'darwin'): string[] {
  const origin = platform === 'linux' ? '$ORIGIN' : '@loader_path';
  return ['tensorflow', ...site.toSorted()].map((folder) => [origin, ...relative(dirname(places.binding), join(places.site, folder)).split(/[\\/]/)].join('/'));
}

/** Folders of NVIDIA's shared libraries under `site`; none where there is no CUDA. */
export async function cudaFolders(site: string): Promise<string[]> {
  const packages = await readdir(join(site, 'nvidia'), { withFileTypes: true }).catch(() => []);
  const folders: string[] = [];
  for (const entry of packages) {
    const files = await readdir(join(site, 'nvidia', entry.name, 'lib')).catch(() => []);
    if (files.some((file) => /\.so(\.\d+)*$/.test(file))) folders.push(`nvidia/${entry.name}/lib`);
  }
  return folders.sort();
}

/**
 * The binding.gyp that stands in for tfjs-node's own, which links TensorFlow's C library of 2.9.1. All paths in it are
 * relative to its folder, so that spaces in the way there do no harm.
 *
 * TensorFlow's headers ask for C++17 since 2.12.
 */
export function bindingGyp(places: Places, site: readonly string[], platform: 'linux' | 'darwin'): object {
  const tensorflow = relative(places.build, join(places.site, 'tensorflow'));
  const paths = runPaths(places, site, platform);
  const libraries = LIBRARIES[platform];
  // $$ is a dollar sign for make, and the quotation marks keep it from the shell.
  const flags = paths.map((path) => `-Wl,-rpath,'${path.replace('$', '$$$$')}'`);
  return {
    targets: [
      {
        target_name: 'tfjs_binding',
        sources: ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'],
        include_dirs: ['node_api', `${tensorflow}/include`],
        defines: [`NAPI_VERSION=${NODE_API}`],
        library_dirs: [tensorflow],
        ...(platform === 'linux'
          ? { cflags_cc: ['-std=c++17', '-O2', '-fPIC'], ldflags: flags, libraries: libraries.map((name) => `-l:${name}`) }
          : {
              libraries: libraries.map((name) => `${tensorflow}/${name}`),
              xcode_settings: { CLANG_CXX_LANGUAGE_STANDARD: 'c++17', CLANG_CXX_LIBRARY: 'libc++', OTHER_LDFLAGS: ['-undefined dynamic_lookup', ...flags] },
            }),
      },
    ],
  };
}

/** Stands in for the common.gypi and config.gypi of a Node whose headers are not at hand. */
const COMMON_GYPI = { target_defaults: { default_configuration: 'Release', configurations: { Debug: {}, Release: {} } } };

/** Does work with a folder that node-gyp takes for one of Node's headers. It lies elsewhere, since node-gyp allows no spaces in its path. */
async function withNodeDirectory<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'corun-node-'));
  try {
    await mkdir(join(folder, 'include', 'node'), { recursive: true });
    for (const file of ['common.gypi', 'config.gypi']) await writeFile(join(folder, 'include', 'node', file), JSON.stringify(COMMON_GYPI));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Builds tfjs-node's binding against the unpacked libraries and puts it where the package looks for it.
 *
 * The headers are those of the package node-api-headers: node-gyp would download those of the running Node, from a host
 * that not everyone reaches, and nothing but Node-API is used.
 *
 * @throws InputError with the compiler's last words
 */
export async function buildBinding(run: RunCommand, python: string, places: Places, platform: 'linux' | 'darwin', onOutput?: (text: string) => void): Promise<void> {
  await rm(places.build, { recursive: true, force: true });
  await mkdir(places.build, { recursive: true });
  await cp(join(places.root, 'node_modules', 'node-api-headers', 'include'), join(places.build, 'node_api'), { recursive: true });
  await cp(join(places.tfjsNode, 'binding'), join(places.build, 'binding'), { recursive: true });
  await writeFile(join(places.build, 'binding.gyp'), JSON.stringify(bindingGyp(places, await cudaFolders(places.site), platform), undefined, 2));

  const gyp = join(places.root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const { status, stdout, stderr } = await withNodeDirectory((nodedir) =>
    run(process.execPath, [gyp, 'rebuild', '--release', `--nodedir=${nodedir}`, `--python=${python}`], { cwd: places.build, onOutput }),
  );
  const built = join(places.build, 'build', 'Release', 'tfjs_binding.node');
  const isThere = await stat(built).then(
    () => true,
    () => false,
  );
  if (status !== 0 || !isThere) throw new InputError(`setup tensorflow: the binding could not be built in ${places.build}:\n${lastLines(faults(`${stdout}\n${stderr}`), 20)}`);
  await mkdir(dirname(places.binding), { recursive: true });
  await cp(built, `${places.binding}.new`);
  await rename(`${places.binding}.new`, places.binding);
}

/** The compiler's and linker's complaints, without what node-gyp says around them; all of it where there are none. */
function faults(said: string): string {
  const told = said.split('\n').filter((line) => /\berror\b|undefined reference|cannot find|No such file|fatal/i.test(line) && !/^gyp (ERR|info)/.test(line));
  return told.length > 0 ? told.join('\n') : said;
}
