/**
 * Second after second, n requests at 1/n, 2/n, … 1 of it, as Corun's clients send them: sleep the gap, then send.
 *
 * @param requestsIn the number of requests in second s (from 0); asked once per second, in order
 * @returns the `fill` that `bounded` wants
 */
export function evenWithinSeconds(seconds: number, requestsIn: (second: number) => number): (timeMs: Float64Array) => number {
  let second = -1;
  let inSecond = 0;
  let sent = 0;
  return (timeMs) => {
    for (let i = 0; i < timeMs.length; i++) {
      while (sent === inSecond) {
        if (second + 1 >= seconds) return i;
        second++;
        inSecond = requestsIn(second);
        sent = 0;
      }
      sent++;
      timeMs[i] = second * 1000 + (sent * 1000) / inSecond;
    }
    return timeMs.length;
  };
}
