import type { TwoDistributions, VerificationDetail } from '../../experiment/verify/result.js';
import { durationLabel, logTicks, thin, type Chart, type Panel, type Rows } from '../charts/chart.js';
import { shareWithin } from '../charts/latency-distribution.js';
import { alternativeToken, token } from '../charts/theme.js';

const POINTS = 160;
const REAL = alternativeToken(0);
const PREDICTED = alternativeToken(1);

/** The real latency distribution of each alternative with the predicted one over it. */
export function distributionsChart({ distributions }: VerificationDetail): Chart {
  const shown = distributions.filter(({ real, predicted }) => real.count.length > 0 && predicted.count.length > 0);
  return {
    id: 'distributions',
    title: 'How long answers took, really and predicted',
    about: 'Share of the answered requests whose latency was at most the one on the axis, over all runs. The nearer the two lines, the better the prediction. The dashed line marks the 95th percentile.',
    legend: [
      { label: 'real', colour: REAL, mark: 'line' },
      { label: 'predicted', colour: PREDICTED, mark: 'dashed' },
    ],
    panels: shown.map(panel),
    layout: shown.length === 1 ? 'wide' : 'pairs',
    ...(shown.length === 0 && { note: 'No request was answered both really and simulated.' }),
  };
}

function panel({ alternative, real, predicted }: TwoDistributions, i: number): Panel {
  const edges = [real, predicted].flatMap(({ upper_ms }) => upper_ms.filter((ms) => ms > 0 && Number.isFinite(ms)));
  const lo = Math.min(...edges) / 1.1;
  const hi = Math.max(...edges) * 1.05;
  const [isReal, isPredicted] = [shareWithin(real), shareWithin(predicted)];
  const rows: Rows = Array.from({ length: POINTS }, (_, k) => {
    const ms = lo * Math.exp((k / (POINTS - 1)) * Math.log(hi / lo));
    return { ms: thin(ms), real: thin(isReal(ms)), predicted: thin(isPredicted(ms)) };
  });
  const x = { field: 'ms', type: 'quantitative', scale: { type: 'log', domain: [thin(lo), thin(hi)], nice: false }, axis: { title: 'latency (log scale)', values: logTicks(lo, hi), labelExpr: durationLabel, grid: true } };
  const y = (field: string) => ({ field, type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: null, format: '%', tickCount: 5 } });
  const line = (field: string, color: string, dash: number[]) => ({ mark: { type: 'line', strokeWidth: 2, interpolate: 'monotone', clip: true, color, strokeDash: dash }, encoding: { x, y: y(field) } });
  return {
    title: alternative,
    alt: `Cumulative latency distributions of ${alternative}, real and predicted.`,
    data: { [`distribution_${i}`]: rows },
    spec: {
      width: 'container',
      height: 260,
      data: { name: `distribution_${i}` },
      layer: [
        line('real', REAL, [1, 0]),
        line('predicted', PREDICTED, [6, 3]),
        { data: { values: [{}] }, mark: { type: 'rule', strokeDash: [4, 4], color: token('muted') }, encoding: { y: { datum: 0.95, type: 'quantitative' } } },
        {
          params: [{ name: `at_${i}`, select: { type: 'point', fields: ['ms'], nearest: true, on: 'pointerover', clear: 'pointerout' } }],
          mark: { type: 'rule', strokeWidth: 1 },
          encoding: {
            x,
            opacity: { condition: { param: `at_${i}`, empty: false, value: 0.7 }, value: 0 },
            tooltip: [
              { field: 'ms', title: 'within ms', format: ',.3~r' },
              { field: 'real', format: '.1%', type: 'quantitative' },
              { field: 'predicted', format: '.1%', type: 'quantitative' },
            ],
          },
        },
      ],
    },
  };
}
