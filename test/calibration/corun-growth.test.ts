import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { runFit } from '../../src/calibration/run-fit.js';
import { fileOf } from './files.js';

const { epoch_s_by_inferences: published } = parse(readFileSync(new URL('../../calibration/published/corun-rtx3080ti.yaml', import.meta.url), 'utf8'));

it.each(['mobilenet_v3_small', 'resnet50', 'efficientnet_v2_l'])('the published epoch growth of %s at K = 0, 1, 2, 4 lies within the intervals of its fit', async (model) => {
  const rows = published.inferences.map((k: number, i: number) => `published,1,training,${model},train,${k},1,${published[model][i] * 1000}`);
  const { result } = await runFit(fileOf(`run,process,workload,model,phase,inference_jobs,training_jobs,duration_ms\n${rows.join('\n')}\n`));
  expect(result.fit.rows).toHaveLength(4);
  for (const r of result.fit.rows) {
    expect(r.interval95_ms[0], r.group).toBeLessThan(r.observed_ms);
    expect(r.interval95_ms[1], r.group).toBeGreaterThan(r.observed_ms);
    // Wide enough to be honest, and no wider than a factor of two: otherwise anything would lie within.
    expect(r.interval95_ms[1] / r.interval95_ms[0]).toBeLessThan(4);
  }
});
