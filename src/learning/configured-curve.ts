/** A way of retraining, as its measurements tell them apart. */
export interface Configuration {
  network: string;
  batch: number;
  /** Share of the training data that is used, in (0, 1]. */
  dataFraction: number;
  frozenLayers: number;
}

/** Effects on a linear predictor: of networks and frozen layers by name, of batch and data fraction by their binary logarithm. */
export interface Effects {
  intercept: number;
  network: Record<string, number>;
  frozenLayers: Record<string, number>;
  log2Batch: number;
  log2Fraction: number;
}

/** Curves of one set of measurements: what all configurations share, and how far each one is off it after partial pooling. */
export interface ConfiguredCurves {
  /** Accuracy before the first epoch. */
  start: number;
  /** On the scale of the logit. */
  ceiling: Effects;
  /** On the scale of the binary logarithm, in epochs. */
  halfGapEpochs: Effects;
  /** Added to the ceiling, by `configurationKey`; 0 for a configuration that was not measured. */
  ceilingOffset: Record<string, number>;
}

export interface Curve {
  start: number;
  ceiling: number;
  halfGapEpochs: number;
}

export const configurationKey = ({ network, batch, dataFraction, frozenLayers }: Configuration): string =>
  `${network}/batch${batch}/frozen${frozenLayers}/data${dataFraction}`;

function predictor(effects: Effects, { network, batch, dataFraction, frozenLayers }: Configuration): number {
  return (
    effects.intercept +
    effects.network[network] +
    effects.frozenLayers[frozenLayers] +
    effects.log2Batch * Math.log2(batch / 32) +
    effects.log2Fraction * Math.log2(dataFraction)
  );
}

/**
 * The learning curve of a configuration: after e epochs accuracy is ceiling − (ceiling − start) × 2^(−e / halfGapEpochs).
 * The configuration's network and frozen layers have to be among those of the curves.
 */
export function curveOf(curves: ConfiguredCurves, configuration: Configuration): Curve {
  const shared = 1 / (1 + Math.exp(-predictor(curves.ceiling, configuration)));
  const offset = curves.ceilingOffset[configurationKey(configuration)] ?? 0;
  return {
    start: curves.start,
    ceiling: Math.min(1, Math.max(0, shared + offset)),
    halfGapEpochs: Math.exp(Math.LN2 * predictor(curves.halfGapEpochs, configuration)),
  };
}
