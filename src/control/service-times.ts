import { spreadSd } from '../random/service.js';
import type { LaneSpec, System } from './system.js';

const WEIGHT = 0.5;

/**
 * What is known of how long the variants of a model take, by lane: the profile's mean and standard deviation, and those
 * that were observed, exponentially weighted. With x observed and weight α = 0.5: μ' = αx + (1 − α)μ and
 * σ'² = (1 − α)(σ² + α(x − μ)²); the first observation of each lane is discarded, since it pays for what is set up once.
 *
 * Source: the profile upkeep of MDInference's released code (Ogden and Guo, IC2E 2020).
 */
export class ServiceTimes {
  readonly profiledMs: Float64Array;
  readonly profiledSdMs: Float64Array;
  readonly meanMs: Float64Array;
  private readonly variance: Float64Array;
  private readonly isWarm: Uint8Array;

  constructor(lanes: readonly LaneSpec[], { accelerators }: System) {
    const known = lanes.map(({ site, model }) => accelerators.find((a) => a.site === site && a.profile.models[model] !== undefined)?.profile.models[model]);
    this.profiledMs = Float64Array.from(known, (model) => model?.solo_ms ?? Infinity);
    this.profiledSdMs = Float64Array.from(known, (model) => (model === undefined ? 0 : model.solo_ms * spreadSd(model.spread)));
    this.meanMs = Float64Array.from(this.profiledMs);
    this.variance = this.profiledSdMs.map((sd) => sd ** 2);
    this.isWarm = new Uint8Array(lanes.length);
  }

  /** A batch of a lane took so long on its worker. */
  observe(lane: number, tookMs: number): void {
    if (this.isWarm[lane] === 0) {
      this.isWarm[lane] = 1;
      return;
    }
    const off = tookMs - this.meanMs[lane];
    this.meanMs[lane] += WEIGHT * off;
    this.variance[lane] = (1 - WEIGHT) * (this.variance[lane] + WEIGHT * off ** 2);
  }

  sdMs(lane: number): number {
    return Math.sqrt(this.variance[lane]);
  }
}
