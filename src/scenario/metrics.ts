/** What a metric needs of a scenario beyond requests. */
export type MetricNeed = 'slo' | 'retraining' | 'prices' | 'apps' | 'power' | 'learning' | 'accuracy' | 'device' | 'duplicates';

export interface Metric {
  unit: string;
  /** Which direction is good. */
  better: 'lower' | 'higher';
  about: string;
  needs?: MetricNeed;
}

/** Every metric by name. Formulas and percentile rules are in docs/metrics.md. */
export const metrics = {
  throughput_rps: { unit: 'requests/s', better: 'higher', about: 'answered requests per second' },
  goodput_rps: { unit: 'requests/s', better: 'higher', about: 'requests answered within their SLO, per second', needs: 'slo' },
  slo_attainment: { unit: 'fraction', better: 'higher', about: 'share of the requests with an SLO that were answered within it', needs: 'slo' },
  latency_mean_ms: { unit: 'ms', better: 'lower', about: 'mean time from birth to answer at the client' },
  latency_p50_ms: { unit: 'ms', better: 'lower', about: 'median time from birth to answer at the client' },
  latency_p95_ms: { unit: 'ms', better: 'lower', about: '95th percentile of the time from birth to answer at the client' },
  latency_p99_ms: { unit: 'ms', better: 'lower', about: '99th percentile of the time from birth to answer at the client' },
  accuracy: { unit: 'fraction', better: 'higher', about: 'chance of an answer to be right at the moment it is given, mean over the answers that counted', needs: 'accuracy' },
  effective_accuracy: { unit: 'fraction', better: 'higher', about: 'chance of a request to be answered rightly and within its SLO; a late or missing answer counts as wrong', needs: 'accuracy' },
  on_device_share: { unit: 'fraction', better: 'lower', about: 'share of the answers that came from the client’s own phone, of the apps that a phone can answer', needs: 'device' },
  duplicated_share: { unit: 'fraction', better: 'lower', about: 'share of the requests that had a second leg', needs: 'duplicates' },
  wasted_share: { unit: 'fraction', better: 'lower', about: 'share of the workers’ time that went into answers which did not count, since the other leg’s did', needs: 'duplicates' },
  deploys: { unit: 'deploys', better: 'lower', about: 'retrained weights that replaced those in use', needs: 'learning' },
  detection_delay_s: { unit: 's', better: 'lower', about: 'mean time from a sudden change of the world until the policy noticed it', needs: 'learning' },
  false_alarms: { unit: 'alarms', better: 'lower', about: 'times the policy noticed a change that had not been', needs: 'learning' },
  rejected_share: { unit: 'fraction', better: 'lower', about: 'share of the requests that were turned away' },
  failed_share: { unit: 'fraction', better: 'lower', about: 'share of the requests that failed, for example by lack of memory' },
  unfinished_share: { unit: 'fraction', better: 'lower', about: 'share of the requests without an answer when the run ended' },
  fairness_jain: { unit: 'index', better: 'higher', about: 'Jain’s index over the apps’ shares of requests answered in time: 1 if all fare alike, 1 / apps if one gets all', needs: 'apps' },
  recovery_s: { unit: 's', better: 'lower', about: 'longest stretch in which more than one in ten missed the SLO, as after a burst or a fault', needs: 'slo' },
  oom_events: { unit: 'events', better: 'lower', about: 'loads or starts that did not fit into the memory of an accelerator' },
  epoch_s: { unit: 's', better: 'lower', about: 'mean duration of an epoch of the retraining job', needs: 'retraining' },
  gpu_utilisation: { unit: 'fraction', better: 'higher', about: 'share of the time in which an accelerator does any work, mean over accelerators' },
  energy_j_per_request: { unit: 'J', better: 'lower', about: 'energy that the accelerators take, retraining and idling included, per answered request', needs: 'power' },
  gpus: { unit: 'accelerators', better: 'lower', about: 'accelerators of the alternative' },
  usd_per_million: { unit: 'USD', better: 'lower', about: 'price of all accelerators over the run, per million answered requests', needs: 'prices' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];
