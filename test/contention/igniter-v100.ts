import type { IgniterGpu, IgniterModel } from '../../src/contention/igniter.js';

/** The V100 and four models as published with iGniter, once more in full, so that an error in the restated file is seen too. */
export const v100: IgniterGpu = {
  clock_mhz: 1530,
  power_cap_w: 300,
  idle_power_w: 53.5,
  pcie_bytes_per_ms: 1e7,
  clock_mhz_per_w: -1.0254,
  scheduling: { per_workload_ms: 0.0047507, base_ms: -0.0090224 },
};

const model = (
  [kernels, idle_ms, load_bytes, feedback_bytes]: [number, number, number, number],
  [k1, k2, k3, k4, k5]: number[],
  power: [number, number],
  l2: [number, number],
  l2_sensitivity: number,
): IgniterModel => ({
  kernels,
  idle_ms,
  load_bytes,
  feedback_bytes,
  active_ms: { k1, k2, k3, k4, k5 },
  power_w: { slope: power[0], intercept: power[1] },
  l2_percent: { slope: l2[0], intercept: l2[1] },
  l2_sensitivity,
});

export const v100Models = {
  alexnet: model([20, 0.031768, 602112, 4000], [0.0041535, 8.711584, 23.736069, 0.05552, 0.346011], [0.023893, 37.1081], [0.0030921, 2.029571], 0.00237638),
  resnet50: model([80, 0.073816, 602112, 4000], [-0.0175147, 58.264481, -0.011862, 0.344858, 1.909502], [0.162335, 4.62686], [0.0219595, -0.189943], 0.00216306),
  vgg19: model([29, 0.039249, 602112, 4000], [-0.0048346, 158.19297, 44.452131, 0.188407, 0.926192], [0.536729, 2.08185], [0.0452175, 2.722817], 0.00201773),
  ssd: model([93, 0.147877, 1080000, 2968880], [0.0251596, 235.846932, -16.781574, 0.264273, 3.416978], [0.644894, 2.33932], [0.0886305, -0.128589], 0.00228086),
};
