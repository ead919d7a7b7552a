import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aboutOf, nvidiaSmi, readingOf } from '../../src/calibration/device/nvidia-smi.js';

test('a line of readings, as nvidia-smi writes it', () => {
  expect(readingOf('1980, 119.43, 5271, 37')).toEqual({ clockMhz: 1980, powerW: 119.43, memoryMiB: 5271, acceleratorBusy: 0.37 });
  expect(readingOf('1980 MHz, 119.43 W, 5271 MiB, 37 %')).toEqual({ clockMhz: 1980, powerW: 119.43, memoryMiB: 5271, acceleratorBusy: 0.37 });
});

test('what a device does not tell is left out', () => {
  expect(readingOf('300, [N/A], 12, [Not Supported]')).toEqual({ clockMhz: 300, memoryMiB: 12 });
  expect(aboutOf('NVIDIA GeForce RTX 3080 Ti, 535.183.01, 12288')).toEqual({ name: 'NVIDIA GeForce RTX 3080 Ti', driver: '535.183.01', memoryMiB: 12_288 });
  expect(aboutOf('Orin (nvgpu), [N/A], [N/A]')).toEqual({ name: 'Orin (nvgpu)' });
});

test('readings are means over the time that was sampled; without the program there is no meter', async () => {
  const program = join(mkdtempSync(join(tmpdir(), 'corun-smi-')), 'nvidia-smi');
  // Answers as the real one does: once about the device, and then line after line.
  writeFileSync(program, '#!/bin/sh\ncase "$1" in *name*) echo "NVIDIA H100 80GB HBM3, 550.54, 81559";; *) while :; do echo "1000, 100, 500, 20"; echo "2000, [N/A], 700, 40"; sleep 0.05; done;; esac\n');
  chmodSync(program, 0o755);
  const meter = (await nvidiaSmi(0, program))!;
  expect(meter).toMatchObject({ tellsMemory: true, about: { name: 'NVIDIA H100 80GB HBM3', driver: '550.54', memoryMiB: 81_559 } });
  const tell = meter.sample();
  await new Promise((passed) => setTimeout(passed, 400));
  expect(tell()).toEqual({ clockMhz: 1500, powerW: 100, memoryMiB: 600, acceleratorBusy: expect.closeTo(0.3) as number });
  meter.close();
  expect(await nvidiaSmi(0, '/no/such/nvidia-smi')).toBeUndefined();
});
