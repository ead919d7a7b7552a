import { token } from './theme.js';

/** A vega-lite specification; its colours are tokens, its data sets are named and travel beside it. */
export type Spec = Record<string, unknown>;

export type Rows = Record<string, unknown>[];

/** One drawing. */
export interface Panel {
  title?: string;
  /** Position of the alternative that the panel is about, for the colour beside its title. */
  alternative?: number;
  /** What the drawing shows, for those who cannot see it. */
  alt: string;
  spec: Spec;
  data: Record<string, Rows>;
}

export interface LegendEntry {
  label: string;
  /** Token of its colour. */
  colour: string;
  mark: 'line' | 'dashed' | 'block';
}

/** A section of the report: several drawings of one idea. */
export interface Chart {
  id: string;
  title: string;
  /** How to read it. */
  about: string;
  legend: LegendEntry[];
  panels: Panel[];
  /** Narrow panels stand side by side on wide screens. */
  layout: 'wide' | 'pairs' | 'grid';
  /** Why there is nothing to see, or what is not shown. */
  note?: string;
}

export const config: Spec = {
  autosize: { type: 'fit-x', contains: 'padding' },
  background: null,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  padding: { left: 2, right: 8, top: 4, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: token('muted'),
    titleColor: token('muted'),
    titleFontWeight: 500,
    gridColor: token('grid'),
    domainColor: token('grid'),
    tickColor: token('grid'),
    labelFontSize: 11,
    titleFontSize: 11,
    labelPadding: 6,
    titlePadding: 8,
    labelOverlap: true,
  },
  axisY: { domain: false, ticks: false },
  // A drawing is described as a whole; a label on each of a thousand marks would drown that.
  mark: { aria: false },
  rule: { color: token('muted') },
  text: { color: token('muted'), fontSize: 11 },
};

const steps = [1, 2, 5];

/** Ticks for a logarithmic axis: powers of ten, with 2 and 5 between them when there are few. */
export function logTicks(lo: number, hi: number): number[] {
  const decades = Math.log10(hi / lo);
  const ticks: number[] = [];
  for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++) {
    for (const step of decades > 3 ? [1] : steps) {
      const value = Number(`${step}e${e}`);
      if (value >= lo && value <= hi) ticks.push(value);
    }
  }
  return ticks;
}

/** Label of a duration axis whose data are in ms. */
export const durationLabel = "datum.value >= 1000 ? format(datum.value / 1000, ',~r') + ' s' : format(datum.value, '~r') + ' ms'";

/** Ticks for a symmetric logarithmic axis: zero, and powers of ten on both sides from `constant` up, thinned to about eight. */
export function symlogTicks(lo: number, hi: number, constant: number): number[] {
  const most = Math.max(Math.abs(lo), Math.abs(hi));
  const first = Math.floor(Math.log10(constant));
  const last = Math.floor(Math.log10(most));
  const every = Math.max(1, Math.ceil((last - first + 1) / (lo < 0 && hi > 0 ? 3 : 6)));
  const ticks = [0];
  for (let e = last; e >= first; e -= every) ticks.push(Number(`1e${e}`), Number(`-1e${e}`));
  return ticks.filter((t) => t >= lo && t <= hi).sort((a, b) => a - b);
}

/** Label of a numeric axis: 0.5, 20, 20k. */
export const numberLabel = "abs(datum.value) >= 10000 ? format(datum.value, '~s') : format(datum.value, ',~r')";

/** The unit in which to write times up to this one. */
export function timeUnit(mostMs: number): { unit: string; ms: number } {
  if (mostMs < 1000) return { unit: 'ms', ms: 1 };
  if (mostMs < 10 * 60_000) return { unit: 's', ms: 1000 };
  if (mostMs < 10 * 3_600_000) return { unit: 'min', ms: 60_000 };
  return { unit: 'h', ms: 3_600_000 };
}

/** Five significant digits are more than any screen shows, and half the bytes; what is too small for arithmetic on axes is zero. */
export function thin(value: number): number {
  return Math.abs(value) < 1e-100 ? 0 : Number(value.toPrecision(5));
}
