import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/random/stream.js';
import { traceCharts } from '../../../src/report/trace/charts.js';
import { traceHtml } from '../../../src/report/trace/html.js';
import { descriptionText, sparkline } from '../../../src/report/trace/text.js';
import { arrivalsOf } from '../../../src/trace/arrivals.js';
import { describe as describeStream } from '../../../src/trace/describe.js';
import { generators } from '../../../src/trace/generators.js';

const poisson = () => describeStream(generators.poisson.create({ rate_rps: 20, requests: 5000 }, stream(1, 'page'), Infinity));

describe('the description of a stream', () => {
  it('has a line of blocks that rises with its values', () => {
    expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█');
    expect(sparkline([0, 0])).toBe('  ');
  });

  it('says the numbers on the terminal', async () => {
    const text = descriptionText('requests.csv', await poisson());
    expect(text).toMatch(/^requests\.csv\n {2}requests {7}5,000 in /);
    expect(text).toMatch(/mean (19|20)\.\d? \/s/);
    expect(text).toContain('(Poisson: 1)');
  });

  it('draws rate, gaps and burstiness, and the day where there is one', async () => {
    expect(traceCharts(await poisson()).map(({ id }) => id)).toEqual(['rate', 'gaps', 'burstiness']);
    const day = await describeStream(generators['day-shape'].create({ rate_rps: 0.05, shape: [1, 3] }, stream(1), 2 * 86_400_000));
    expect(traceCharts(day).map(({ id }) => id)).toEqual(['rate', 'day', 'gaps', 'burstiness']);
  });

  it('is a page that loads nothing and runs no name as code', async () => {
    const html = await traceHtml('</script><img src=x>.csv', await poisson());
    expect(html).not.toContain('<img src=x>');
    expect(html).not.toMatch(/(src|href)="https?:/);
    expect(html).toContain('Gaps between requests');
  });

  it('of a single request, or of some at one moment, says what can be said', async () => {
    const one = await describeStream(arrivalsOf({ timeMs: Float64Array.of(5), sloMs: undefined }));
    expect(one).toMatchObject({ requests: 1, duration_s: 0.005, dispersion: [], autocorrelation: [] });
    expect(one).not.toHaveProperty('gaps');
    expect(descriptionText('x', one)).toContain('1 in');
    const same = await describeStream(arrivalsOf({ timeMs: Float64Array.of(0, 0, 0), sloMs: undefined }));
    expect(same).toMatchObject({ simultaneous: 2, mean_rate_rps: 0 });
    await expect(traceHtml('x', same)).resolves.toContain('Rate over time');
  });
});
