/**
 * GSLICE's tuner of one function's share and batch, as two other groups ported it: `igniter` in iGniter's released code, `gpulet` in gpulet's.
 *
 * Source: Dhakal, Kulkarni, Ramakrishnan: GSLICE, SoCC 2020, doi 10.1145/3419111.3421284, through these two ports, which differ.
 */
export interface GsliceSetting {
  sharePercent: number;
  batch: number;
}

/** What was measured with the present setting. */
export interface GsliceMeasured {
  latencyMs: number;
  throughputRps: number;
}

export interface GsliceDemand {
  sloMs: number;
  rateRps: number;
}

const MOST_BATCH = 32;
const clampBatch = (batch: number): number => Math.min(MOST_BATCH, Math.max(1, batch));

/** Next share in percent, as iGniter's authors ported it: held where both reserves are below 10 %, grown by the larger relative distance where one is missing, shrunk by it where there is more. */
export function gsliceShare({ sharePercent }: GsliceSetting, { latencyMs, throughputRps }: GsliceMeasured, { sloMs, rateRps }: GsliceDemand): number {
  const latencyLeft = sloMs - latencyMs;
  const throughputLeft = throughputRps - rateRps;
  const close = (share: number): boolean => share > 0 && share < 0.1;
  if (close(latencyLeft / sloMs) && close(throughputLeft / rateRps)) return sharePercent;
  const factor = Math.max(Math.abs(latencyLeft) / latencyMs, Math.abs(throughputLeft) / throughputRps);
  const change = latencyLeft < 0 || throughputLeft < 0 ? factor : latencyLeft > 0 && throughputLeft > 0 ? -factor : 0;
  return Math.min(100, Math.max(1, sharePercent * (1 + change)));
}

/** Next batch, as iGniter's authors ported it. */
export function gsliceBatch({ batch }: GsliceSetting, { latencyMs }: GsliceMeasured, { sloMs }: GsliceDemand): number {
  const left = sloMs - latencyMs;
  if (left > 0 && left < 0.1 * sloMs) return batch;
  return clampBatch(Math.ceil(batch + (left / latencyMs) * batch));
}

const ROUNDS = 5;
const BATCH_STEPS = 5;

/**
 * The loop of iGniter's port: from batch 1 and 30 %, five rounds of up to five changes of the batch and one of the share, then the batch once more.
 *
 * @param measure what comes of a setting, as long as neighbours stay as they are
 */
export function gsliceTune(measure: (setting: GsliceSetting) => GsliceMeasured, demand: GsliceDemand): GsliceSetting {
  let setting: GsliceSetting = { sharePercent: 30, batch: 1 };
  const settleBatch = (): void => {
    for (let step = 0; step < BATCH_STEPS; step++) {
      const batch = gsliceBatch(setting, measure(setting), demand);
      if (batch === setting.batch) return;
      setting = { ...setting, batch };
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    settleBatch();
    const sharePercent = gsliceShare(setting, measure(setting), demand);
    if (sharePercent === setting.sharePercent) break;
    setting = { ...setting, sharePercent };
  }
  settleBatch();
  return setting;
}

/** Next share and batch in gpulet's port: whole percents, held below 5 %, grown also where nothing is left, the batch cut off instead of rounded up. The share is a demand, which `gsliceMaxMin` makes legal. */
export function gsliceStepOfGpulet({ sharePercent, batch }: GsliceSetting, { latencyMs, throughputRps }: GsliceMeasured, { sloMs, rateRps }: GsliceDemand): GsliceSetting {
  const latencyLeft = sloMs - latencyMs;
  const throughputLeft = throughputRps - rateRps;
  const latencyPercent = (100 * latencyLeft) / sloMs;
  const throughputPercent = (100 * throughputLeft) / rateRps;
  const close = (percent: number): boolean => percent > 0 && percent < 5;
  let share = sharePercent;
  if (!(close(latencyPercent) && close(throughputPercent))) {
    const factor = Math.max(Math.abs(latencyPercent), Math.abs(throughputPercent)) / 100;
    share = Math.trunc(sharePercent + (latencyLeft <= 0 || throughputLeft <= 0 ? factor : -factor) * sharePercent);
  }
  return { sharePercent: share, batch: clampBatch(Math.trunc(batch + Math.max(-1, latencyLeft / sloMs) * batch)) };
}

/**
 * Max-min fairness over legal shares, as in gpulet's port: in the order of rising demand each gets its demand or an equal part of
 * what is left, rounded up to a legal share that is still there; else the largest that is, or 0.
 *
 * @param legal shares in percent, ascending
 */
export function gsliceMaxMin(demands: readonly number[], legal: readonly number[]): number[] {
  const given = demands.map(() => 0);
  let left = 100;
  const order = demands.map((_, i) => i).sort((a, b) => demands[a] - demands[b]);
  for (const [position, i] of order.entries()) {
    const fair = Math.min(demands[i], left / (demands.length - position));
    const there = legal.filter((share) => share <= left);
    given[i] = there.find((share) => share >= fair) ?? there[there.length - 1] ?? 0;
    left -= given[i];
  }
  return given;
}
