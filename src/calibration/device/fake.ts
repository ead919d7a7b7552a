import { join } from 'node:path';
import { FakeDevice } from '../../executor/engines/fake/device.js';
import type { FakeProgram } from '../../executor/engines/fake/program.js';
import { meansOf, type DeviceReading, type Meter } from './meter.js';

const EVERY_MS = 50;

/** Tells the memory in use of a fake accelerator, if its program limits it. */
export function fakeMeter({ device, memory_mib: memoryMiB, fixed_mib: fixedMiB }: FakeProgram): Meter {
  const shared = new FakeDevice(join(device!, 'accelerator-0'));
  const tellsMemory = memoryMiB !== undefined;
  return {
    about: { name: 'a fake accelerator', ...(tellsMemory && { memoryMiB }) },
    tellsMemory,
    sample() {
      const samples: DeviceReading[] = [];
      const look = (): void => void samples.push({ memoryMiB: fixedMiB + shared.usedMiB() });
      const timer = tellsMemory ? setInterval(look, EVERY_MS) : undefined;
      return () => {
        clearInterval(timer);
        return meansOf(samples);
      };
    },
    close: () => {},
  };
}
