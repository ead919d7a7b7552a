/** Retraining in the cloud, as Ekya compares itself with: images go up, models come down, and training there takes no time. */
export interface CloudRetraining {
  cameras: number;
  /** Sampled images of one camera and window, in megabit. */
  upMbit: number;
  /** A retrained model, in megabit. */
  downMbit: number;
  upMbps: number;
  downMbps: number;
}

/** Seconds until the last camera has its new model; the link is shared, and models follow all images. */
export function cloudRoundS({ cameras, upMbit, downMbit, upMbps, downMbps }: CloudRetraining): number {
  return (cameras * upMbit) / upMbps + (cameras * downMbit) / downMbps;
}
