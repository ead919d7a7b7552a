import { mean, type Values } from './summary.js';

/**
 * Slope of the least squares line of y over x, in units of y per unit of x.
 *
 * @throws RangeError if the lists differ in length, a value is not finite, or x does not take two different values
 */
export function slope(x: Values, y: Values): number {
  if (x.length !== y.length) throw new RangeError(`needs as many x (${x.length}) as y (${y.length})`);
  const meanX = mean(x);
  const meanY = mean(y);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i] - meanX;
    products += dx * (y[i] - meanY);
    squares += dx * dx;
  }
  if (squares === 0) throw new RangeError('a slope needs two different x');
  return products / squares;
}
