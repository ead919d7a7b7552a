/** Real time since a run began. */
export interface Clock {
  /** In ms; never goes back. */
  nowMs(): number;
  /** Calls once `nowMs()` has reached this time, soon after it and never before. @returns what cancels it */
  at(timeMs: number, call: () => void): () => void;
}

/** `setTimeout` counts whole ms. What is left then is passed by turning the event loop, which goes on with its work meanwhile. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** @param originMs what `performance.now()` was when the run began */
export function realClock(originMs: number): Clock {
  const nowMs = (): number => performance.now() - originMs;
  return {
    nowMs,
    at(timeMs, call) {
      let timeout: NodeJS.Timeout | undefined;
      let turn: NodeJS.Immediate | undefined;
      const wait = (): void => {
        const restMs = timeMs - nowMs();
        if (restMs <= 0) call();
        else if (restMs < 1) turn = setImmediate(wait);
        else timeout = setTimeout(wait, Math.min(Math.floor(restMs), LONGEST_TIMEOUT_MS));
      };
      const firstMs = timeMs - nowMs();
      // Never from within the call that asks for it.
      if (firstMs < 1) turn = setImmediate(wait);
      else timeout = setTimeout(wait, Math.min(Math.floor(firstMs), LONGEST_TIMEOUT_MS));
      return () => {
        clearTimeout(timeout);
        clearImmediate(turn);
      };
    },
  };
}
