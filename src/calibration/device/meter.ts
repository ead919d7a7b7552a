/** What a device tells of itself, each where it does: MHz, W, MiB, and a share of time from 0 to 1. */
export interface DeviceReading {
  clockMhz?: number;
  powerW?: number;
  memoryMiB?: number;
  acceleratorBusy?: number;
}

export interface DeviceAbout {
  name?: string;
  driver?: string;
  memoryMiB?: number;
}

/** Something that tells how the accelerator is doing. */
export interface Meter {
  about: DeviceAbout;
  /** Whether it tells the memory in use. */
  tellsMemory: boolean;
  /** Samples from now on. @returns what tells the means so far; empty where nothing was sampled */
  sample(): () => DeviceReading;
  close(): void;
}

/** For devices that tell nothing. */
export const noMeter: Meter = { about: {}, tellsMemory: false, sample: () => () => ({}), close: () => {} };

/** Means of each reading over those samples that have it. */
export function meansOf(samples: readonly DeviceReading[]): DeviceReading {
  const out: DeviceReading = {};
  for (const field of ['clockMhz', 'powerW', 'memoryMiB', 'acceleratorBusy'] as const) {
    const values = samples.flatMap((sample) => sample[field] ?? []);
    if (values.length > 0) out[field] = values.reduce((sum, v) => sum + v, 0) / values.length;
  }
  return out;
}
