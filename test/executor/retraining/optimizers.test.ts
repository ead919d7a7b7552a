import type { Optimizer, Variable } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import wasm from '../../../src/executor/backends/wasm.js';
import { optimizers, readOptimizer, restoreOptimizer, type OptimizerName } from '../../../src/executor/retraining/optimizers.js';

it.each(Object.keys(optimizers) as OptimizerName[])('%s has its whole state again, bit for bit, and makes the same steps', async (name) => {
  const { core } = await wasm.open();
  const make = (): Optimizer => optimizers[name](core, 0.01);
  const steps = (optimizer: Optimizer, variable: Variable, count: number): void => {
    for (let i = 0; i < count; i++) core.tidy(() => void optimizer.minimize(() => core.sum(core.square(variable)), false, [variable]));
  };
  const variable = core.variable(core.tensor1d([1, -2, 3]));
  const optimizer = make();
  steps(optimizer, variable, 60);
  const state = await readOptimizer(optimizer);
  expect(state.iterations).toBe(60);
  const copy = core.variable(variable.clone());
  const restored = make();
  await restoreOptimizer(core, restored, state);
  expect((await readOptimizer(restored)).tensors.map(({ values }) => values)).toEqual(state.tensors.map(({ values }) => values));
  steps(optimizer, variable, 20);
  steps(restored, copy, 20);
  expect(await copy.data()).toEqual(await variable.data());
});
