/**
 * Colours of the report. The order of the alternatives' colours follows Okabe and Ito (jfly.uni-koeln.de/color, 2008), darkened for
 * white paper and lightened for a dark one until each has a contrast of at least 3 : 1 with the card behind it.
 */
export interface Theme {
  surface: string;
  ink: string;
  muted: string;
  grid: string;
  inference: string;
  training: string;
  both: string;
  loading: string;
  waiting: string;
  paused: string;
  idle: string;
  alternatives: string[];
}

export const light: Theme = {
  surface: '#ffffff',
  ink: '#1b2230',
  muted: '#5c6675',
  grid: '#e4e8ee',
  inference: '#2f7fd0',
  training: '#e0a020',
  both: '#1f4f7a',
  loading: '#8e5bb5',
  waiting: '#8b95a3',
  paused: '#f0d9a6',
  idle: '#e4e8ee',
  alternatives: ['#0072b2', '#d55e00', '#008f68', '#b8479a', '#8f7200', '#2b9bd6', '#474f5c', '#7a5cd6'],
};

export const dark: Theme = {
  surface: '#171c25',
  ink: '#e8ecf2',
  muted: '#9aa5b5',
  grid: '#2b3340',
  inference: '#5aa9f0',
  training: '#edb84a',
  both: '#c4e0fb',
  loading: '#b98ae0',
  waiting: '#7d8797',
  paused: '#6e5a2c',
  idle: '#2b3340',
  alternatives: ['#4ba3e3', '#ff8a4c', '#2fcfa0', '#ec8bc9', '#e3c84a', '#9adcff', '#c3cad6', '#a993ff'],
};

/** Colours in the specifications are names that the page replaces by those of the reader's colour scheme. */
export const token = (name: Exclude<keyof Theme, 'alternatives'>): string => `$${name}`;

/** Colour of the alternative at this position in the scenario, the same in all charts. */
export const alternativeToken = (index: number): string => `$a${index % light.alternatives.length}`;

/**
 * Stands for the name of an alternative in a tooltip, until it is shown. Titles of tooltips become parts of Vega expressions, and a
 * user's text must never be one.
 */
export const nameToken = (index: number): string => `@${index}`;

/** Beyond the last colour the lines are dashed, so that two with the same colour still differ. */
export const alternativeDash = (index: number): number[] => (index < light.alternatives.length ? [1, 0] : [6, 3]);

/** From token (without `$`) to colour. */
export function colours({ alternatives, ...named }: Theme): Record<string, string> {
  return { ...named, ...Object.fromEntries(alternatives.map((colour, i) => [`a${i}`, colour])) };
}
