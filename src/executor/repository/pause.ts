/** A pause that doubles with each time before, up to the longest. */
export function doubled(firstMs: number, times: number, longestMs: number): number {
  let ms = firstMs;
  for (let i = 0; i < times && ms < longestMs; i++) ms *= 2;
  return Math.min(ms, longestMs);
}

/** Waits, but no longer than until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((over) => {
    if (signal.aborted) return over();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      over();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
