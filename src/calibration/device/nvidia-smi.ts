import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { meansOf, type DeviceAbout, type DeviceReading, type Meter } from './meter.js';

const EVERY_MS = 200;
const ABOUT = 'name,driver_version,memory.total';
const READING = 'clocks.sm,power.draw,memory.used,utilization.gpu';

/** A number of a field of nvidia-smi; undefined for `[N/A]`, `[Not Supported]` and the like. */
function number(field: string | undefined): number | undefined {
  const value = Number.parseFloat(field ?? '');
  return Number.isFinite(value) ? value : undefined;
}

const fieldsOf = (line: string): string[] => line.split(',').map((field) => field.trim());

/** A line of `nvidia-smi --query-gpu=clocks.sm,power.draw,memory.used,utilization.gpu --format=csv,noheader,nounits`. */
export function readingOf(line: string): DeviceReading {
  const [clockMhz, powerW, memoryMiB, busyPercent] = fieldsOf(line).map(number);
  return {
    ...(clockMhz !== undefined && { clockMhz }),
    ...(powerW !== undefined && { powerW }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(busyPercent !== undefined && { acceleratorBusy: busyPercent / 100 }),
  };
}

/** A line of `nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits`. */
export function aboutOf(line: string): DeviceAbout {
  const [name, driver, memory] = fieldsOf(line);
  const memoryMiB = number(memory);
  return { ...(name !== '' && { name }), ...(driver !== undefined && driver !== '' && !driver.startsWith('[') && { driver }), ...(memoryMiB !== undefined && { memoryMiB }) };
}

/** Watches an NVIDIA device through `nvidia-smi`. @returns undefined where there is none */
export async function nvidiaSmi(accelerator: number, program = 'nvidia-smi'): Promise<Meter | undefined> {
  const which = [`--id=${accelerator}`, '--format=csv,noheader,nounits'];
  const told = await promisify(execFile)(program, [`--query-gpu=${ABOUT}`, ...which], { timeout: 10_000 }).catch(() => undefined);
  const line = told?.stdout.trim().split('\n')[0];
  if (line === undefined || line === '') return undefined;
  const samples: DeviceReading[] = [];
  const child = spawn(program, [`--query-gpu=${READING}`, ...which, `--loop-ms=${EVERY_MS}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.on('error', () => {});
  child.unref();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const one of lines) if (one.trim() !== '') samples.push(readingOf(one));
  });
  const about = aboutOf(line);
  return {
    about,
    tellsMemory: about.memoryMiB !== undefined,
    sample() {
      samples.length = 0;
      return () => meansOf(samples);
    },
    close: () => void child.kill(),
  };
}
