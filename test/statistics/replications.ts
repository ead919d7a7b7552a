import { normalQuantile } from '../../src/random/normal.js';
import type { Stream } from '../../src/random/stream.js';

/** A source of replication means with a known expectation. */
export interface Source {
  truth: number;
  cv: number;
  draw(random: Stream): number;
}

const normal = (random: Stream) => normalQuantile(random() + 2 ** -33);

export const normalMeans: Source = { truth: 10, cv: 0.1, draw: (random) => 10 + normal(random) };

/** Lognormal with the given skewness, (w + 2)√(w − 1) for w = exp(σ²), found by bisection. */
export function lognormalMeans(skewness: number): Source {
  let low = 1;
  let high = 4;
  for (let i = 0; i < 100; i++) {
    const w = (low + high) / 2;
    if ((w + 2) * Math.sqrt(w - 1) < skewness) low = w;
    else high = w;
  }
  const sigma = Math.sqrt(Math.log(low));
  return { truth: Math.exp((sigma * sigma) / 2), cv: Math.sqrt(low - 1), draw: (random) => Math.exp(sigma * normal(random)) };
}

/** Mean of `shape` exponential variables: a gamma variable with skewness 2/√shape and mean 1. */
export function erlangMeans(shape: number): Source {
  return {
    truth: 1,
    cv: 1 / Math.sqrt(shape),
    draw(random) {
      let sum = 0;
      for (let i = 0; i < shape; i++) sum -= Math.log(1 - random());
      return sum / shape;
    },
  };
}
