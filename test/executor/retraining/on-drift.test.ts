import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EventLog, readEventLog } from '../../../src/executor/log/event-log.js';
import { Kind } from '../../../src/executor/log/happening.js';
import { replayLog } from '../../../src/executor/log/replay.js';
import { DEFAULT_LIMITS, openServer } from '../../../src/executor/server/server.js';
import { labelled, learningExecutor, newFolder, ownModel, untilLearnt, type Learning } from './learning-executor.js';

const DRIFT = { rotation_degrees: 70, brightness: -0.15 };
type Labelled = Awaited<ReturnType<typeof labelled>>;

/** Asks the server about each image, and sends the labels afterwards. @returns the share of right answers, as the server counts them */
async function askAndLabel(url: string, images: Labelled): Promise<number> {
  const labels = [];
  for (const { image, label } of images) {
    const head = Buffer.from(JSON.stringify({ inputs: [{ name: (await inputOf(url)).name, datatype: 'FP32', shape: [1, ...(await inputOf(url)).shape.slice(1)], parameters: { binary_data_size: image.length } }] }));
    const answer = await fetch(`${url}/v2/models/small/infer`, { method: 'POST', headers: { 'inference-header-content-length': String(head.length) }, body: Buffer.concat([head, image]) });
    const { parameters } = (await answer.json()) as { parameters: { answer_ids: string } };
    labels.push({ id: parameters.answer_ids, label });
  }
  const reply = await fetch(`${url}/v1/labels`, { method: 'POST', body: JSON.stringify({ labels }) });
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { right: number }).right / images.length;
}

let input: { name: string; shape: number[] } | undefined;
const inputOf = async (url: string): Promise<{ name: string; shape: number[] }> => (input ??= ((await (await fetch(`${url}/v2/models/small`)).json()) as { inputs: { name: string; shape: number[] }[] }).inputs[0]);

const newest = ({ told }: Learning): number => told.deployments.filter(({ better }) => better).at(-1)?.comparison?.accuracyAfter ?? 0;

it('accuracy falls under drift, labels tell, on-drift retrains and deploys, accuracy recovers; the log says the same again', async () => {
  const state = newFolder();
  const source = await ownModel(newFolder());
  const [asBefore, drifted, later] = await Promise.all([{ first: 5000 }, { first: 5000, drift: DRIFT }, { first: 7000, drift: DRIFT }].map((more) => labelled({ count: 120, ...more })));

  const first = await learningExecutor(state, source, { count: 400 }, { held_out_share: 0.4 });
  await first.executor.begin();
  await untilLearnt(() => newest(first) > 0.9, 'it has learnt');
  await first.executor.stop(5000);

  const path = join(newFolder(), 'events.log');
  const second = await learningExecutor(state, source, { count: 400, first: 1000, drift: DRIFT }, { held_out_share: 0.4 }, 1, { retrain: { policy: 'on-drift', epochs: 4 } }, { log: new EventLog(path, {}) });
  await second.executor.begin();
  const server = openServer(second.executor, DEFAULT_LIMITS);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  const before = await askAndLabel(url, asBefore);
  expect(before).toBeGreaterThan(0.8);
  // Nothing has drifted, so nothing trains.
  expect(second.executor.training(0).state).toBe('stopped');
  const fallen = await askAndLabel(url, drifted);
  expect(fallen).toBeLessThan(before - 0.2);
  expect(second.executor.training(0).state).not.toBe('stopped');
  await untilLearnt(() => second.told.inPlace.length > 0, 'new weights are in place');
  const recovered = await askAndLabel(url, later);
  expect(recovered).toBeGreaterThan(fallen + 0.15);
  expect(recovered).toBeGreaterThan(0.8);
  const { apps } = (await (await fetch(`${url}/v1/status`)).json()) as { apps: { labels: number }[] };
  expect(apps[0].labels).toBe(360);
  // Labels of the old weights do not count for the new ones.
  expect(second.executor.control.jobs.lessons[0]).toMatchObject({ version: 1, labels: 120 });
  await server.close();
  await second.executor.stop(5000);
  expect(second.told.died).toEqual([]);

  const { happenings } = readEventLog(path);
  expect(happenings.filter(({ kind }) => kind === Kind.labelled)).toHaveLength(360);
  const { divergedAt } = replayLog(happenings, second.executor.control.system, second.again());
  expect(divergedAt).toBeUndefined();
}, 120_000);
