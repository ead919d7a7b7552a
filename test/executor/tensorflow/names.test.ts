import { describe, expect, it } from 'vitest';
import { corunHome, tfjsNodeDirectory } from '../../../src/executor/tensorflow/home.js';
import { pipFailure, UnreachableError } from '../../../src/executor/tensorflow/pip.js';
import { cudaRequirements, wheelName } from '../../../src/executor/tensorflow/requirements.js';
import { tensorflowPackage, wheelPlatforms } from '../../../src/executor/tensorflow/wheel-tags.js';

describe('where things are set up', () => {
  const homeDir = '/home/ada';

  it('is CORUN_HOME, else the folder for data of the platform', () => {
    expect(corunHome({ env: { CORUN_HOME: '/data', XDG_DATA_HOME: '/xdg' }, homeDir, platform: 'linux' })).toBe('/data');
    expect(corunHome({ env: { XDG_DATA_HOME: '/xdg' }, homeDir, platform: 'linux' })).toBe('/xdg/corun');
    expect(corunHome({ env: {}, homeDir, platform: 'linux' })).toBe('/home/ada/.local/share/corun');
    expect(corunHome({ env: {}, homeDir, platform: 'darwin' })).toBe('/home/ada/Library/Application Support/corun');
    expect(corunHome({ env: { LOCALAPPDATA: 'C:\\Data' }, homeDir: 'C:\\ada', platform: 'win32' })).toBe('C:\\Data\\corun');
  });

  it('keeps CPU and GPU apart', () => {
    expect(tfjsNodeDirectory('/data', false)).toBe('/data/tensorflow-cpu/node_modules/@tensorflow/tfjs-node');
    expect(tfjsNodeDirectory('/data', true)).toBe('/data/tensorflow-gpu/node_modules/@tensorflow/tfjs-node');
  });
});

describe('wheelPlatforms', () => {
  it("lists what the machine's glibc can load, the newest first, and nothing newer", () => {
    expect(wheelPlatforms({ platform: 'linux', arch: 'x64', glibc: '2.19' })).toEqual(['manylinux_2_19_x86_64', 'manylinux_2_18_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64']);
    const tags = wheelPlatforms({ platform: 'linux', arch: 'arm64', glibc: '2.36' });
    expect(tags).toContain('manylinux_2_27_aarch64');
    expect(tags).not.toContain('manylinux_2_37_aarch64');
  });

  it.each([
    [{ platform: 'linux', arch: 'x64' }, /another C library \(as Alpine does\).*node:22-bookworm-slim/],
    [{ platform: 'linux', arch: 'x64', glibc: '2.12' }, /glibc 2\.17 or later; here is 2\.12/],
    [{ platform: 'win32', arch: 'x64' }, /WSL 2/],
    [{ platform: 'darwin', arch: 'x64' }, /darwin on x64; there are some for linux on x64 and arm64/],
  ] as const)('refuses %j', (machine, message) => {
    expect(() => wheelPlatforms(machine)).toThrow(message);
  });

  it('takes the small wheel where there is one, and refuses CUDA where there is none', () => {
    expect(tensorflowPackage(false, { platform: 'linux', arch: 'x64' })).toBe('tensorflow-cpu');
    expect(tensorflowPackage(false, { platform: 'linux', arch: 'arm64' })).toBe('tensorflow');
    expect(tensorflowPackage(true, { platform: 'linux', arch: 'x64' })).toBe('tensorflow');
    expect(() => tensorflowPackage(true, { platform: 'darwin', arch: 'arm64' })).toThrow('--gpu is for CUDA on Linux; here is darwin');
  });
});

/** Lines of METADATA of tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl. */
const METADATA = `Metadata-Version: 2.4
Name: tensorflow
Version: 2.21.0
Requires-Dist: absl-py>=1.0.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12 (<3.0,>=2.27.7) ; extra == 'and-cuda'
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32" and python_version < "3.13") and extra == "gcs-filesystem"

Requires-Dist: nvidia-of-the-description; extra == "and-cuda"
`;

describe('cudaRequirements', () => {
  it('takes the libraries of the extra and-cuda, as pip wants them, and none of another extra or of the description', () => {
    expect(cudaRequirements(METADATA, 'w.whl')).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3.0.75', 'nvidia-nccl-cu12<3.0,>=2.27.7']);
  });

  it('says which version has them where there are none', () => {
    expect(() => cudaRequirements('Requires-Dist: absl-py>=1.0.0\n', 'tensorflow-2.9.1.whl')).toThrow('tensorflow-2.9.1.whl names no CUDA libraries (its extra and-cuda is absent or empty); take --version 2.16.1 or later');
  });
});

describe('wheelName', () => {
  it('takes a file name apart, with several platforms and with a build number', () => {
    expect(wheelName('nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl')).toEqual({ name: 'nvidia-cuda-cupti-cu12', version: '12.8.90' });
    expect(wheelName('a-1.0-1-py3-none-any.whl')).toEqual({ name: 'a', version: '1.0' });
    expect(wheelName('setup.json')).toBeUndefined();
  });
});

describe('pipFailure', () => {
  it('tells which versions there are', () => {
    const said = 'ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==9.9 (from versions: 2.20.0, 2.21.0rc1, 2.21.0)';
    expect(pipFailure(said, ['tensorflow-cpu==9.9']).message).toContain('there are 2.20.0, 2.21.0rc1, 2.21.0. Choose one with --version.');
    expect(pipFailure(said, ['tensorflow-cpu==9.9'])).not.toBeInstanceOf(UnreachableError);
  });

  it.each([
    "WARNING: Retrying after connection broken by 'NewConnectionError'",
    'socket.gaierror: Temporary failure in name resolution',
    'ERROR: Could not find a version that satisfies the requirement tensorflow (from versions: none)',
  ])('tells a network that does not answer from other failures: %s', (said) => {
    expect(pipFailure(said, ['tensorflow'])).toBeInstanceOf(UnreachableError);
  });

  it('tells of a full disk and shows what else pip said last', () => {
    expect(pipFailure('OSError: [Errno 28] No space left on device', ['x']).message).toContain('the disk is full');
    expect(pipFailure('first\nERROR: hashes do not match', ['x']).message).toContain('  | ERROR: hashes do not match');
  });
});
