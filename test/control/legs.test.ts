import { expect, it } from 'vitest';
import { metricsOf } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import type { Network, ResolvedAlternative } from '../../src/scenario/scenario.js';
import type { RequestRow } from '../../src/measurement/recorder.js';
import { alternative, type Setup } from '../simulator/alternative.js';
import { at, record } from '../simulator/closed-forms/by-hand.js';

const models = (large: number, small: number) => ({
  edge: [{ name: 'edge', models: { large: { solo_ms: large, accuracy: 0.8 } } }],
  phone: [{ name: 'phone', models: { small: { solo_ms: small, accuracy: 0.4 } } }],
});
const stages = [{ model: 'large', variants: [{ model: 'large' }, { model: 'small' }] }];

/** One request with a deadline 100 ms after its birth, or several; the large model at the edge, the small one on the phone. */
function duplicated(largeMs: number, smallMs: number, network: Network, more: Partial<Setup> = {}, births: readonly (readonly [number, number])[] = [[0, 100]]): ResolvedAlternative {
  return alternative({ workload: [at(births, { stages })], sites: models(largeMs, smallMs), devices: ['phone'], network, route: 'duplicate', ...more });
}

async function told(setup: ResolvedAlternative): Promise<{ row: RequestRow; accuracy: number | undefined; onDevice: number | undefined; wasted: number | undefined }> {
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  const { accuracy, on_device_share, wasted_share } = metricsOf(measured!, setup);
  return { row: (await record(setup)).requests[0], accuracy, onDevice: on_device_share, wasted: wasted_share };
}

it('a better answer in time ends the request at once, and the phone’s is thrown away', async () => {
  const { row, accuracy, onDevice, wasted } = await told(duplicated(30, 10, { up: { fixed_ms: 20 }, down: { fixed_ms: 20 } }));
  expect(row).toMatchObject({ answered_ms: 70, outcome: 'answered', in_slo: true });
  expect([accuracy, onDevice, wasted]).toEqual([0.8, 0, 10 / 40]);
});

it('the phone’s answer is held until the deadline, and counts if no better one has come', async () => {
  const { row, accuracy, onDevice } = await told(duplicated(30, 10, { up: { fixed_ms: 50 }, down: { fixed_ms: 50 } }));
  expect(row).toMatchObject({ answered_ms: 100, outcome: 'answered', in_slo: true });
  expect([accuracy, onDevice]).toEqual([0.4, 1]);
});

it('when no answer is there at the deadline, the first to come counts', async () => {
  expect((await told(duplicated(30, 150, { up: { fixed_ms: 50 }, down: { fixed_ms: 50 } }))).row).toMatchObject({ answered_ms: 130, in_slo: false });
  expect((await told(duplicated(30, 110, { up: { fixed_ms: 50 }, down: { fixed_ms: 50 } }))).row).toMatchObject({ answered_ms: 110, in_slo: false });
});

it('the first answer counts, if that is the rule', async () => {
  const { row, accuracy } = await told(duplicated(30, 10, { up: { fixed_ms: 20 }, down: { fixed_ms: 20 } }, { route: { policy: 'duplicate', answer: 'first' } }));
  expect(row.answered_ms).toBe(10);
  expect(accuracy).toBe(0.4);
});

it('a phone that is the more accurate one does not wait', async () => {
  const setup = duplicated(30, 10, { up: { fixed_ms: 20 } });
  setup.accelerators[1].profile.models.small.accuracy = 0.9;
  expect((await record(setup)).requests[0].answered_ms).toBe(10);
});

it('a request without a deadline waits for the better answer', async () => {
  const setup = duplicated(30, 10, { up: { fixed_ms: 500 } }, { workload: [at([0], { stages })] });
  expect((await record(setup)).requests[0]).toMatchObject({ answered_ms: 530, outcome: 'answered' });
});

it('a leg that waits when its request ends leaves the queue; the next one is served in its place', async () => {
  // The edge serves one request in 150 ms: the second waits until its deadline, and is gone when the edge is free at 150.
  const setup = duplicated(150, 10, {}, {}, [[0, 100], [1, 100], [120, 400]]);
  const { requests, spans } = await record(setup);
  expect(requests.map(({ born_ms, answered_ms }) => [born_ms, answered_ms])).toEqual([[0, 100], [1, 101], [120, 300]]);
  expect(spans.filter((span) => span.accelerator === 'edge/gpu0').map((span) => [span.start_ms, span.end_ms])).toEqual([[0, 150], [150, 300]]);
});

it('a server that turns the request away leaves the phone’s answer, at once', async () => {
  const { row, onDevice } = await told(duplicated(30, 10, { up: { fixed_ms: 20 } }, { dispatch: 'reject-all' }));
  expect(row).toMatchObject({ answered_ms: 20, outcome: 'answered' });
  expect(onDevice).toBe(1);
});

it('a worker that dies fails one leg only', async () => {
  const supervision = { retries: 0, restart_after_s: 1, longest_restart_s: 60 };
  const kill = { kind: 'kill worker' as const, when: { atMs: 25 }, site: 'edge' };
  const { row, onDevice } = await told(duplicated(30, 50, { up: { fixed_ms: 20 } }, { supervision, faults: [kill] }));
  expect(row).toMatchObject({ answered_ms: 50, outcome: 'answered' });
  expect(onDevice).toBe(1);
});

it('a phone’s process that dies is started again, and the request with it', async () => {
  const setup = duplicated(500, 50, {}, { faults: [{ kind: 'kill worker', when: { atMs: 20 }, site: 'phone' }] });
  expect((await record(setup)).requests[0]).toMatchObject({ answered_ms: 100, outcome: 'answered' });
  const alone = duplicated(500, 50, {}, { route: 'on-device', faults: [{ kind: 'kill worker', when: { atMs: 20 }, site: 'phone' }] });
  expect((await record(alone)).requests[0]).toMatchObject({ answered_ms: 70, attempts: 2 });
});

it('a site that is lost fails its leg, and the phone’s answer counts', async () => {
  const lose = { kind: 'lose site' as const, when: { atMs: 30 }, site: 'edge' };
  const { row, onDevice } = await told(duplicated(30, 50, { up: { fixed_ms: 20 } }, { faults: [lose] }));
  expect(row).toMatchObject({ answered_ms: 50, outcome: 'answered' });
  expect(onDevice).toBe(1);
});

it('an answer that is late counts as wrong in the effective accuracy, and not in the accuracy', async () => {
  const setup = duplicated(30, 10, { up: { fixed_ms: 20 } }, { route: 'fixed' }, [[0, 100], [1000, 40], [2000, 100], [3000, 40]]);
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  expect(metricsOf(measured!, setup)).toMatchObject({ accuracy: 0.8, effective_accuracy: 0.4 });
});

it('requests on phones do not wait for each other', async () => {
  const setup = duplicated(30, 50, {}, { route: 'on-device' }, [[0, 100], [1, 100], [2, 100], [3, 100]]);
  const { requests } = await record(setup);
  expect(requests.map(({ latency_ms }) => latency_ms)).toEqual([50, 50, 50, 50]);
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  // A phone is no GPU of the operator.
  expect(metricsOf(measured!, setup)).toMatchObject({ gpus: 1, gpu_utilisation: 0, on_device_share: 1 });
});
