import { afterAll, beforeAll, expect, it } from 'vitest';
import { bodyOf, fakeServer } from '../http.js';

let served: Awaited<ReturnType<typeof fakeServer>>;
beforeAll(async () => {
  served = await fakeServer({ models: { a: { solo_ms: 1 } } });
});
afterAll(() => served.close());

const answerIds = async (label: number): Promise<string[]> => {
  const answer = await fetch(`${served.url}/v2/models/a/infer`, { method: 'POST', body: bodyOf(label) });
  const { parameters } = (await answer.json()) as { parameters: { answer_ids: string } };
  return parameters.answer_ids.split(',');
};
const send = async (body: unknown): Promise<{ status: number; told: Record<string, unknown> }> => {
  const reply = await fetch(`${served.url}/v1/labels`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: reply.status, told: (await reply.json()) as Record<string, unknown> };
};
const app = async (): Promise<unknown> => ((await (await fetch(`${served.url}/v1/status`)).json()) as { apps: unknown[] }).apps[0];

it('labels are counted as right or wrong, one or many at a time, each once', async () => {
  const [[one], [two], [three]] = [await answerIds(3), await answerIds(4), await answerIds(5)];
  expect(await send({ id: one, label: 3 })).toEqual({ status: 200, told: { labelled: 1, right: 1 } });
  expect(await send({ labels: [{ id: two, label: 9 }, { id: three, label: 5 }] })).toEqual({ status: 200, told: { labelled: 2, right: 1 } });
  expect(await app()).toMatchObject({ labels: 3, labelled_accuracy: 2 / 3 });
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  expect(metrics).toContain('corun_labels_total{app="a",right="true"} 2\n');
  expect(metrics).toContain('corun_labels_total{app="a",right="false"} 1\n');
  const again = await send({ id: one, label: 3 });
  expect(again).toMatchObject({ status: 409, told: { error: expect.stringMatching(/^labels\[0\]: ".*-0": that answer has its label already/) } });
});

it('says what is wrong, and then takes none', async () => {
  const [id] = await answerIds(1);
  const before = await app();
  const wrong: [unknown, number, RegExp][] = [
    ['{', 400, /the body is not JSON/],
    [[], 400, /labels/],
    [{ labels: [] }, 400, /"labels"/],
    [{ labels: new Array(1001).fill({ id, label: 1 }) }, 400, /at most 1000 labels, not 1001/],
    [{ id: 5, label: 1 }, 400, /labels\[0\]\.id must be the id of an answer, not 5/],
    [{ labels: [{ id, label: 1 }, { id: 'abc', label: 1 }] }, 404, /labels\[1\]: "abc": this server gave no answer of that id.*no label was taken/],
    [{ labels: [{ id, label: 1 }, { id, label: 1 }] }, 409, /labels\[1\].*has its label already/],
    [{ id, label: 1e6 }, 400, /label must be the index of a class of a, 0 to \d+.*not 1000000/],
    [{ id, label: -1 }, 400, /not -1/],
    [{ id }, 400, /not left out/],
  ];
  for (const [body, status, message] of wrong) {
    const { status: found, told } = await send(body);
    expect({ found, error: told.error }, JSON.stringify(body).slice(0, 100)).toEqual({ found: status, error: expect.stringMatching(message) });
  }
  expect(await app()).toEqual(before);
  expect(await send({ id, label: 1 })).toMatchObject({ status: 200 });
});
