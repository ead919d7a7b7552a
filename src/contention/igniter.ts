/**
 * iGniter's latency model of inferences that share a GPU by fixed shares (MPS), with three channels of interference:
 * the delay of the kernel scheduler, contention for the L2 cache, and the drop of the clock at the power cap.
 *
 *   t_inf = t_load + t_gpu + t_feedback           t_load = d_load b / B,  t_feedback = d_feedback b / B
 *   t_gpu = (t_sch + t_act) F / f                 throughput = b / (t_gpu + t_feedback), since loading overlaps
 *   t_sch = t_idle + n_k (α_sch p + β_sch)        the bracket only with p ≥ 2 workloads
 *   t_act = k_act (1 + α_cache Σ c of the neighbours)
 *   k_act = (k₁ b² + k₂ b + k₃) / (r + k₄) + k₅
 *   f = F while P ≤ P_cap, else F + α_f (P − P_cap);  P = P_idle + Σ (a_p u + b_p)
 *   c = a_c u + b_c,  u = 1000 b / k_act
 *
 * Source: Xu, Xu, Chen, Chen, Shang, Zhou, Liu: iGniter, IEEE TPDS 34(3), 2023, doi 10.1109/TPDS.2022.3232715; the
 * equations are those of its released code.
 */

/** What is known of the GPU. */
export interface IgniterGpu {
  /** F, the clock below the power cap. */
  clock_mhz: number;
  power_cap_w: number;
  idle_power_w: number;
  /** B: bytes per ms between host and GPU. */
  pcie_bytes_per_ms: number;
  /** α_f, negative. */
  clock_mhz_per_w: number;
  /** α_sch, β_sch: ms per kernel. */
  scheduling: { per_workload_ms: number; base_ms: number };
}

interface Line {
  slope: number;
  intercept: number;
}

/** What is known of a model, from nine runs alone and one beside itself. */
export interface IgniterModel {
  /** n_k: kernels of one inference. */
  kernels: number;
  /** t_idle: time that the scheduler takes when the model is alone. */
  idle_ms: number;
  load_bytes: number;
  feedback_bytes: number;
  /** k₁ … k₅ for a share in percent and a time in ms. */
  active_ms: { k1: number; k2: number; k3: number; k4: number; k5: number };
  /** a_p, b_p: W over images per second of active time. */
  power_w: Line;
  /** a_c, b_c: L2 utilisation, in percent, over images per second of active time. */
  l2_percent: Line;
  /** α_cache: growth of the active time per percent of L2 that neighbours use. */
  l2_sensitivity: number;
}

/** One workload on the GPU: a model served in batches of b by r percent of the processors. */
export interface IgniterWorkload {
  model: IgniterModel;
  batch: number;
  share_percent: number;
}

export interface IgniterPrediction {
  /** t_inf, in ms, of a whole batch. */
  latencyMs: number;
  /** t_gpu, in ms. */
  gpuMs: number;
  throughputRps: number;
}

/** k_act: ms that a batch keeps its share of the GPU busy, alone and below the power cap. */
export function igniterActiveMs({ model, batch, share_percent }: IgniterWorkload): number {
  const { k1, k2, k3, k4, k5 } = model.active_ms;
  return (k1 * batch ** 2 + k2 * batch + k3) / (share_percent + k4) + k5;
}

const imagesPerSecond = (workload: IgniterWorkload): number => (1000 * workload.batch) / igniterActiveMs(workload);
const line = ({ slope, intercept }: Line, at: number): number => slope * at + intercept;

/** Power, in W, that all workloads together would draw if nothing limited it. */
export function igniterPowerW(gpu: IgniterGpu, workloads: readonly IgniterWorkload[]): number {
  return workloads.reduce((sum, w) => sum + line(w.model.power_w, imagesPerSecond(w)), gpu.idle_power_w);
}

/** The line of the clock ends here: it was measured near the cap, and continued it would reach 0. */
const LOWEST_CLOCK = 0.1;

/** Clock, in MHz, at such a power; never below a tenth of the clock below the cap. */
export function igniterClockMhz(gpu: IgniterGpu, powerW: number): number {
  if (powerW <= gpu.power_cap_w) return gpu.clock_mhz;
  return Math.max(LOWEST_CLOCK * gpu.clock_mhz, gpu.clock_mhz + gpu.clock_mhz_per_w * (powerW - gpu.power_cap_w));
}

/**
 * What each workload gets while all are busy, in the order given.
 *
 * @throws RangeError if a predicted time on the GPU is not positive, which coefficients of a real GPU do not give
 */
export function igniterPredict(gpu: IgniterGpu, workloads: readonly IgniterWorkload[]): IgniterPrediction[] {
  const count = workloads.length;
  const slower = gpu.clock_mhz / igniterClockMhz(gpu, igniterPowerW(gpu, workloads));
  const schedulingMs = count >= 2 ? gpu.scheduling.per_workload_ms * count + gpu.scheduling.base_ms : 0;
  const l2 = workloads.map((w) => line(w.model.l2_percent, imagesPerSecond(w)));
  return workloads.map((w, i) => {
    const { model, batch } = w;
    let neighboursL2 = 0;
    for (let j = 0; j < count; j++) if (j !== i) neighboursL2 += l2[j];
    const activeMs = igniterActiveMs(w) * (1 + model.l2_sensitivity * neighboursL2);
    const gpuMs = (model.idle_ms + model.kernels * schedulingMs + activeMs) * slower;
    const feedbackMs = (model.feedback_bytes * batch) / gpu.pcie_bytes_per_ms;
    const latencyMs = (model.load_bytes * batch) / gpu.pcie_bytes_per_ms + gpuMs + feedbackMs;
    if (!(gpuMs > 0)) throw new RangeError(`the coefficients of workload ${i + 1} of ${count} give ${gpuMs} ms on the GPU, must be above 0`);
    return { latencyMs, gpuMs, throughputRps: (1000 * batch) / (gpuMs + feedbackMs) };
  });
}
