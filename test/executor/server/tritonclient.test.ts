import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { fakeServer } from '../http.js';

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const run = (command: string, args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore', timeout: 100_000 }).status === 0;
const python = pythonWithClient();
const program = fileURLToPath(new URL('./ask-like-triton.py', import.meta.url));

/** A Python that has the client: of the environment CORUN_TRITONCLIENT, or of one that is made here; undefined if neither can be. */
function pythonWithClient(): string | undefined {
  const home = process.env.CORUN_TRITONCLIENT ?? mkdtempSync(join(tmpdir(), 'corun-tritonclient-'));
  if (process.env.CORUN_TRITONCLIENT === undefined) made.push(home);
  const python = join(home, 'bin', 'python');
  const has = () => run(python, ['-c', 'import tritonclient.http']);
  return has() || (run('python3', ['-m', 'venv', home]) && run(python, ['-m', 'pip', 'install', '--quiet', '--retries', '1', 'tritonclient[http]']) && has()) ? python : undefined;
}

it.skipIf(python === undefined)(`NVIDIA’s client for Python talks to the server${python === undefined ? ' (skipped: tritonclient is absent)' : ''}`, async () => {
  const { port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } });
  const { stdout } = await promisify(execFile)(python!, [program, `127.0.0.1:${port}`]);
  await close();
  expect(JSON.parse(stdout)).toEqual({
    live: true,
    ready: true,
    model_ready: true,
    server: { name: 'corun', version: '1', extensions: ['binary_tensor_data'] },
    inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 8, 8, 3] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 10] }],
    json: { id: '3', shape: [2, 10], labels: [3, 3] },
    binary: { id: '5', shape: [2, 10], labels: [5, 5] },
    binary_fp32: { id: '7', shape: [2, 10], labels: [7, 7] },
    refused: { status: '404', message: 'no model is called b; did you mean a? Allowed: a' },
  });
});
