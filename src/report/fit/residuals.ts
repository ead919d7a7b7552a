import { thin, type Chart, type Panel } from '../charts/chart.js';
import { token } from '../charts/theme.js';
import { predicted, unseen } from './colours.js';
import { curveName, type FitGroup, type FitPage } from './input.js';

const off = (g: FitGroup, ms: number): number => thin((ms / g.observedMs - 1) * 100);

function panel(workload: FitGroup['workload'], groups: readonly FitGroup[]): Panel {
  const rows = groups.map((g) => ({
    // Where several groups have the same number of neighbours they stand beside each other.
    label: `${g.inferenceJobs}+${g.trainingJobs}`,
    group: curveName(g),
    set: g.set === 'fit' ? 'fitted' : 'never seen',
    off: off(g, g.predictedMs),
    lo: off(g, g.interval95Ms[0]),
    hi: off(g, g.interval95Ms[1]),
    n: g.n,
  }));
  const labels = [...new Set(rows.map((r) => r.label))].sort((a, b) => parseInt(a.split('+')[1]) - parseInt(b.split('+')[1]) || parseInt(a) - parseInt(b));
  const y = (field: string) => ({ field, type: 'quantitative', axis: { title: 'predicted over observed, %', tickCount: 5, format: '+~r' } });
  const kinds = [...new Set(rows.map((r) => `${r.group} ${r.set}`))];
  const data = rows.map((r) => ({ ...r, kind: kinds.indexOf(`${r.group} ${r.set}`) }));
  return {
    title: workload,
    alt: `${workload}: ${rows.map((r) => `${r.label} jobs (${r.group}) off by ${r.off} %`).join('; ')}.`,
    data: { [`residuals_${workload}`]: data },
    spec: {
      width: 'container',
      height: 200,
      data: { name: `residuals_${workload}` },
      encoding: {
        x: { field: 'label', type: 'ordinal', scale: { domain: labels }, axis: { title: 'inference + training jobs', labelAngle: 0, grid: false } },
        ...(kinds.length > 1 ? { xOffset: { field: 'kind', type: 'ordinal', sort: null } } : {}),
        color: { field: 'set', type: 'nominal', scale: { domain: ['fitted', 'never seen'], range: [predicted, unseen] }, legend: null },
        tooltip: [
          { field: 'group', title: 'group' },
          { field: 'label', title: 'jobs' },
          { field: 'off', title: 'off by %' },
          { field: 'lo', title: 'interval from %' },
          { field: 'hi', title: 'to %' },
          { field: 'n', title: 'rows' },
          { field: 'set', title: 'data' },
        ],
      },
      layer: [
        { mark: { type: 'rule', color: token('muted'), strokeWidth: 1 }, encoding: { y: { datum: 0 }, x: null, xOffset: null, color: null, tooltip: null } },
        { mark: { type: 'rule', strokeWidth: 2.5, opacity: 0.45 }, encoding: { y: y('lo'), y2: { field: 'hi' } } },
        { mark: { type: 'point', filled: true, size: 52, opacity: 1 }, encoding: { y: y('off') } },
      ],
    },
  };
}

/** How far off each group is; intervals that do not hold 0 missed. */
export function residualsChart(page: FitPage): Chart {
  const groups = page.groups.filter((g) => !g.solo && g.observedMs > 0);
  const workloads = (['inference', 'training'] as const).filter((w) => groups.some((g) => g.workload === w));
  const missed = groups.filter((g) => g.observedMs < g.interval95Ms[0] || g.observedMs > g.interval95Ms[1]).length;
  return {
    id: 'residuals',
    title: 'Residuals',
    about: `How far the prediction of each co-run group is from its median, with the 95 % interval. ${groups.length - missed} of ${groups.length} intervals hold the observation.`,
    legend: [
      { label: 'fitted', colour: predicted, mark: 'block' },
      ...(groups.some((g) => g.set === 'test') ? [{ label: 'never seen by the fit', colour: unseen, mark: 'block' as const }] : []),
    ],
    panels: workloads.map((w) => panel(w, groups.filter((g) => g.workload === w))),
    layout: workloads.length > 1 ? 'pairs' : 'wide',
    ...(groups.length === 0 ? { note: 'There is no group with neighbours.' } : {}),
  };
}
