import type { Estimate } from '../experiment/result.js';
import type { MetricStyle } from './metric.js';

const MOST_DIGITS = 5;

function decimalsFor(value: number, significant: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  return Math.min(12, Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(value)))));
}

function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text = size >= 1e7 || (size > 0 && size < 1e-4) ? size.toExponential(2) : size.toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Keeps a number and its unit on one line. */
export const NBSP = '\u00a0';

/** A number with this many significant digits; never fewer digits than its integer part has, up to ten million. */
export function formatNumber(value: number, significant = 3): string {
  return fixed(value, Number.isInteger(value) ? 0 : decimalsFor(value, significant));
}

/** A number of percent, without the sign: hundredths mean nothing, and what rounding leaves is 0. */
export const formatPercent = (percent: number, significant = 2): string => (Math.abs(percent) < 0.005 ? '0' : formatNumber(percent, significant));

/** From the mean to the farther end of the 95 % interval, which need not be symmetric. */
export function halfWidth(estimate: Estimate): number {
  return Math.max(estimate.ci95[1] - estimate.mean, estimate.mean - estimate.ci95[0]);
}

/**
 * `181.2 ± 2.1`: the half width with two significant digits and the mean to the same decimal, but never more than five
 * digits of the mean. A half width too small for that is shown as a bound.
 */
export function formatEstimate(estimate: Estimate, { percent, unit }: MetricStyle, { withUnit = false } = {}): string {
  const scale = percent ? 100 : 1;
  const mean = estimate.mean * scale;
  const half = halfWidth(estimate) * scale;
  const suffix = percent ? `${NBSP}%` : withUnit && unit !== '' ? `${NBSP}${unit}` : '';
  if (Number.isNaN(mean)) return '–';
  if (half === 0 || Number.isNaN(half)) return `${formatNumber(mean, 4)}${suffix}`;
  const wanted = Number.isFinite(half) && half > 0 ? decimalsFor(half, 2) : decimalsFor(mean, 3);
  const decimals = Math.min(wanted, decimalsFor(Math.max(Math.abs(mean), half === Infinity ? 0 : half), MOST_DIGITS));
  const step = Number(`1e-${decimals}`);
  const bound = half > 0 && half < step / 2 && Math.abs(mean) < 1e7 ? `<${fixed(step, decimals)}` : fixed(half, decimals);
  return `${fixed(mean, decimals)}${NBSP}±${NBSP}${bound}${suffix}`;
}

/** The mean alone, for narrow columns. */
export function formatMean(estimate: Estimate, { percent }: MetricStyle): string {
  if (Number.isNaN(estimate.mean)) return '–';
  return percent ? `${formatShare(estimate.mean)}` : formatNumber(estimate.mean, 3);
}

/** A fraction as a percentage; what is not quite nothing or not quite everything does not look like it. */
export function formatShare(fraction: number): string {
  const percent = fraction * 100;
  if (percent > 0 && percent < 0.1) return `<0.1${NBSP}%`;
  if (percent < 100 && percent > 99.9) return `>99.9${NBSP}%`;
  return `${Number.isFinite(percent) && Math.abs(percent) < 1e7 ? fixed(percent, Number.isInteger(percent) ? 0 : 1) : fixed(percent, 1)}${NBSP}%`;
}

/** `p < 0.001`, or `p = 0.02`. */
export function formatP(p: number): string {
  return (p < 0.001 ? 'p < 0.001' : `p = ${formatNumber(p, 2)}`).replaceAll(' ', NBSP);
}
