// The program of an alarm's thread: sleeps until the time that it is told, and says so. It is started by `alarm.ts`.
import { parentPort, workerData } from 'node:worker_threads';

/** `version` changes whenever `atMs` does; −1 ends the thread. */
const { version, atMs } = workerData as { version: Int32Array; atMs: Float64Array };

for (;;) {
  const told = Atomics.load(version, 0);
  if (told < 0) break;
  const restMs = atMs[0] - Number(process.hrtime.bigint()) / 1e6;
  if (restMs > 0) Atomics.wait(version, 0, told, restMs);
  else {
    parentPort!.postMessage(undefined);
    Atomics.wait(version, 0, told);
  }
}
