import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cudaFolders, runPaths, wantsOfNvidia, wantsOfTensorflow } from '../../../src/executor/tensorflow/binding.js';
import { mendUtil } from '../../../src/executor/tensorflow/load.js';
import { placesIn } from '../../../src/executor/tensorflow/places.js';

describe('what is taken from the wheels', () => {
  it.each(['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.2.dylib', 'tensorflow/include/tensorflow/c/eager/c_api.h', 'tensorflow/include/xla/tsl/c/tsl_status.h', 'tensorflow/include/tsl/platform/ctstring.h'])('TensorFlow: %s', (path) => {
    expect(wantsOfTensorflow(path)).toBe(true);
  });
  it.each(['tensorflow/python/_pywrap_tfe.so', 'tensorflow/include/Eigen/Core', 'tensorflow/libtensorflow_cc.so.2.params', 'tensorflow/include/xla/service/hlo.h'])('not of TensorFlow: %s', (path) => {
    expect(wantsOfTensorflow(path)).toBe(false);
  });
  it.each(['nvidia/cudnn/lib/libcudnn_ops.so.9', 'nvidia/cuda_nvcc/bin/ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc'])('NVIDIA: %s', (path) => {
    expect(wantsOfNvidia(path)).toBe(true);
  });
  it.each(['nvidia/cudnn/include/cudnn.h', 'nvidia/nccl/lib/libnccl_static.a', 'nvidia_cudnn_cu12-9.dist-info/RECORD'])('not of NVIDIA: %s', (path) => {
    expect(wantsOfNvidia(path)).toBe(false);
  });
});

describe('runPaths', () => {
  it('lead from the binding to the folders that have shared libraries, and to no others', async () => {
    const root = mkdtempSync(join(tmpdir(), 'corun-site-'));
    try {
      for (const file of ['cudnn/lib/libcudnn.so.9', 'cublas/lib/libcublas.so.12', 'cuda_nvcc/bin/ptxas', 'nvtx/lib/readme.txt']) {
        mkdirSync(join(root, 'site/nvidia', file, '..'), { recursive: true });
        writeFileSync(join(root, 'site/nvidia', file), '');
      }
      const folders = await cudaFolders(join(root, 'site'));
      expect(folders).toEqual(['nvidia/cublas/lib', 'nvidia/cudnn/lib']);
      const places = placesIn(root);
      const paths = runPaths(places, folders, 'linux');
      expect(paths.map((path) => join(path.replace('$ORIGIN', join(places.binding, '..'))))).toEqual(['tensorflow', ...folders].map((folder) => join(root, 'site', folder)));
      expect(runPaths(places, [], 'darwin')[0]).toMatch(/^@loader_path\/\.\./);
      expect(await cudaFolders(join(root, 'nothing'))).toEqual([]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('mendUtil', () => {
  it('adds what Node 23 took away, as it was, and leaves alone what is there', () => {
    const isArray = () => true;
    const util: Record<string, unknown> = { isArray };
    mendUtil(util);
    const isNullOrUndefined = util.isNullOrUndefined as (value: unknown) => boolean;
    expect([null, undefined, 0, '', false].map(isNullOrUndefined)).toEqual([true, true, false, false, false]);
    expect(util.isArray).toBe(isArray);
  });
});
