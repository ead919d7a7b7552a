/**
 * Monotone piecewise cubic interpolation through points with ascending x: between two points the curve never leaves the
 * interval of their values. Beyond the last point it continues along the last chord; before the first it stays there.
 *
 * Source: Fritsch and Carlson, SIAM J. Numer. Anal. 17(2), 1980, with the harmonic-mean slopes of Fritsch and Butland, 1984.
 *
 * @throws RangeError if the lists differ in length, are empty, or x does not ascend
 */
export function monotoneInterpolation(x: readonly number[], y: readonly number[]): (at: number) => number {
  if (x.length !== y.length || x.length === 0) throw new RangeError(`needs as many x (${x.length}) as y (${y.length}), at least one`);
  for (let i = 1; i < x.length; i++) if (!(x[i] > x[i - 1])) throw new RangeError(`x must ascend: ${x[i - 1]} is followed by ${x[i]}`);
  const n = x.length;
  const last = n - 1;
  if (n === 1) return () => y[0];

  const chord = Array.from({ length: last }, (_, i) => (y[i + 1] - y[i]) / (x[i + 1] - x[i]));
  const slope = Array.from({ length: n }, (_, i) => {
    if (i === 0) return chord[0];
    if (i === last) return chord[last - 1];
    if (chord[i - 1] * chord[i] <= 0) return 0;
    const before = x[i] - x[i - 1];
    const after = x[i + 1] - x[i];
    return (3 * (before + after)) / ((2 * after + before) / chord[i - 1] + (after + 2 * before) / chord[i]);
  });

  return (at) => {
    if (at <= x[0]) return y[0];
    if (at >= x[last]) return y[last] + (at - x[last]) * chord[last - 1];
    let i = 0;
    while (at > x[i + 1]) i++;
    const width = x[i + 1] - x[i];
    const t = (at - x[i]) / width;
    const u = 1 - t;
    return (1 + 2 * t) * u * u * y[i] + t * u * u * width * slope[i] + t * t * (3 - 2 * t) * y[i + 1] - t * t * u * width * slope[i + 1];
  };
}
