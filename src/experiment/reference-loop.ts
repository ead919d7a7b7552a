import { stream } from '../random/stream.js';

/**
 * An M/M/1 queue written by hand and nothing else: a binary heap of two kinds of events, a ring of waiting requests,
 * one sum. What a simulator could reach that had no control, no policies, no metrics; the yardstick of `corun bench`.
 *
 * @returns the mean time in the system, in ms
 */
export function referenceLoop(requests: number, arrivalsPerMs: number, meanServiceMs: number): number {
  const arrivalDraw = stream(1, 'arrivals');
  const serviceDraw = stream(1, 'service');
  const times = new Float64Array(4);
  const kinds = new Uint8Array(4);
  let size = 0;
  const push = (timeMs: number, kind: number): void => {
    let i = size++;
    while (i > 0 && times[(i - 1) >> 1] > timeMs) {
      times[i] = times[(i - 1) >> 1];
      kinds[i] = kinds[(i - 1) >> 1];
      i = (i - 1) >> 1;
    }
    times[i] = timeMs;
    kinds[i] = kind;
  };
  const pop = (): void => {
    size--;
    const timeMs = times[size];
    const kind = kinds[size];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && times[child + 1] < times[child]) child++;
      if (times[child] >= timeMs) break;
      times[i] = times[child];
      kinds[i] = kinds[child];
      i = child;
    }
    times[i] = timeMs;
    kinds[i] = kind;
  };
  let ring = new Float64Array(1024);
  let first = 0;
  let waiting = 0;
  let born = 0;
  let sojournMs = 0;
  push(-Math.log(1 - arrivalDraw()) / arrivalsPerMs, 0);
  while (size > 0) {
    const nowMs = times[0];
    const kind = kinds[0];
    pop();
    if (kind === 0) {
      if (waiting === ring.length) {
        const wider = new Float64Array(ring.length * 2);
        for (let i = 0; i < waiting; i++) wider[i] = ring[(first + i) & (ring.length - 1)];
        ring = wider;
        first = 0;
      }
      ring[(first + waiting++) & (ring.length - 1)] = nowMs;
      if (++born < requests) push(nowMs - Math.log(1 - arrivalDraw()) / arrivalsPerMs, 0);
      if (waiting === 1) push(nowMs - Math.log(1 - serviceDraw()) * meanServiceMs, 1);
    } else {
      sojournMs += nowMs - ring[first];
      first = (first + 1) & (ring.length - 1);
      if (--waiting > 0) push(nowMs - Math.log(1 - serviceDraw()) * meanServiceMs, 1);
    }
  }
  return sojournMs / requests;
}
