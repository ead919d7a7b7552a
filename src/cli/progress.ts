import type { Progress } from '../experiment/compare.js';

/** A line on a terminal's stderr that says how far a comparison is and how long it will take; silent elsewhere. */
export function progressLine(stream: NodeJS.WriteStream): { show(progress: Progress): void; clear(): void } {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  const startedMs = performance.now();
  let shownMs = 0;
  return {
    show({ done, next, most }) {
      const nowMs = performance.now();
      if (nowMs - shownMs < 100 && done < next) return;
      shownMs = nowMs;
      const leftS = ((nowMs - startedMs) / done / 1000) * (next - done);
      const further = next < most ? `, then more up to ${most} if it is not precise enough` : '';
      stream.write(`\r\x1b[Kreplication ${done} of ${next}${further}; about ${Math.ceil(leftS)} s left`);
    },
    clear: () => void stream.write('\r\x1b[K'),
  };
}
