import { describe, expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { classify, labelled, learningExecutor, newFolder, ownModel, untilLearnt } from '../retraining/learning-executor.js';
import { ask, fakeExecutor, until } from '../fake-system.js';

describe('weights that come while requests are answered', () => {
  it('wasm: every request is answered once, wholly by the old weights or wholly by the new ones, and never by old ones again', async () => {
    const { executor, told } = await learningExecutor(newFolder(), await ownModel(newFolder()), { count: 300 }, { optimizer: 'sgd', learning_rate: 0.01, held_out_share: 0.4 });
    const [{ image }] = await labelled({ count: 1, first: 9000 });
    await executor.begin();
    const seen: string[] = [];
    let isOver = false;
    let sent = 0;
    // One worker, so the order of answers is the order of its batches.
    const client = async (): Promise<void> => {
      while (!isOver) {
        sent++;
        const { outcome, scores } = await classify(executor, image);
        expect(outcome).toBe(Outcome.answered);
        seen.push(scores);
      }
    };
    const clients = [client(), client(), client()];
    await untilLearnt(() => told.inPlace.length >= 1, 'a deploy');
    const { length } = seen;
    await untilLearnt(() => seen.length > length + 50, 'answers after it');
    isOver = true;
    await Promise.all(clients);
    await executor.stop(5000);
    expect(executor.control.books).toMatchObject({ born: sent, ended: [sent, 0, 0, 0] });
    expect(told.inPlace.every(({ refused }) => refused === undefined)).toBe(true);
    const runs = seen.filter((scores, i) => scores !== seen[i - 1]);
    expect(new Set(runs).size).toBe(runs.length);
    expect(runs.length).toBeGreaterThanOrEqual(2);
    expect(runs.length).toBeLessThanOrEqual(told.inPlace.length + 1);
  }, 90_000);

  it('fake: deploy after deploy, nothing is lost and nothing answered by what was replaced', async () => {
    const { executor } = fakeExecutor({ models: { a: { solo_ms: 1 } }, training: { a: { epoch_ms: 40, slice_ms: 5, shift: 1 } } }, { deploys: true });
    await executor.begin();
    const labels: number[] = [];
    let sent = 0;
    const client = async (): Promise<void> => {
      while (executor.deployments.deployed[0] < 8) {
        sent++;
        labels.push((await ask(executor, 0, 0)).label!);
      }
    };
    await Promise.all([client(), client()]);
    await executor.stop(1000);
    expect(executor.control.books).toMatchObject({ born: sent, ended: [sent, 0, 0, 0] });
    expect(labels).toEqual([...labels].sort((a, b) => a - b));
    expect(new Set(labels).size).toBeGreaterThan(4);
  });

  it('fake: each of several workers has them, also one that is started later', async () => {
    /** Version that each worker is known to answer with, or a later one. */
    const known = [0, 0];
    const { executor } = fakeExecutor(
      { models: { a: { solo_ms: 2, load_ms: 5 } }, training: { a: { epoch_ms: 50, slice_ms: 5, shift: 1 } } },
      { dispatch: ['fcfs', { k: 2 }], place: ['all-on-one', { copies: 2 }], deploys: true },
      { report: { weightsInPlace: (worker, version) => (known[worker] = version) } },
    );
    await executor.begin();
    await until(() => known.every((version) => version >= 1), 'a deploy to both');
    const asked = async (): Promise<void> => {
      const from = Math.min(...known);
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(executor, 0, 0)));
      const to = executor.deployments.of('a')!.version;
      const allowed = Array.from({ length: to - from + 1 }, (_, i) => (from + i) % 10);
      for (const { outcome, label } of answers) {
        expect(outcome).toBe(Outcome.answered);
        expect(allowed).toContain(label);
      }
    };
    await asked();
    const pid = executor.pids().workers[0]!;
    known[0] = executor.deployments.of('a')!.version;
    process.kill(pid, 'SIGKILL');
    await until(() => executor.isReady() && executor.pids().workers.every((each) => each !== undefined && each !== pid), 'a new process');
    await asked();
    await executor.stop(1000);
  });
});
