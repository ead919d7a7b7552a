import type { TrainingSpeed } from './window.js';

/** Time of the same retraining by share of the GPU (a fraction), ascending to the whole one. */
export interface ShareCurve {
  share: readonly number[];
  trainingS: readonly number[];
}

/** Measured on a V100 under MPS with a retraining of the class of ResNet18. Source: output stored in the notebooks of Ekya's released code. */
export const v100ShareCurve: ShareCurve = {
  share: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  trainingS: [15.185, 10.732, 8.423, 7.346, 6.562, 6.369, 6.321, 5.612, 5.58, 5.461],
};

/** Progress by share from a measured curve: proportional to the share below its first point, straight lines between points; more than a GPU does not help. */
export function measuredSpeed({ share, trainingS }: ShareCurve): TrainingSpeed {
  const whole = trainingS[trainingS.length - 1];
  const at = [0, ...share];
  const speed = [0, ...trainingS.map((s) => whole / s)];
  return (asked) => {
    const last = at.length - 1;
    if (asked >= at[last]) return speed[last];
    const i = at.findIndex((each) => each > asked);
    return speed[i - 1] + ((asked - at[i - 1]) / (at[i] - at[i - 1])) * (speed[i] - speed[i - 1]);
  };
}
