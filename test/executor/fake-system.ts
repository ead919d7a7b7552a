import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Hired } from '../../src/control/control.js';
import { type Outcome } from '../../src/control/driver.js';
import type { System } from '../../src/control/system.js';
import { Executor } from '../../src/executor/executor.js';
import type { ExecutorOptions } from '../../src/executor/options.js';
import type { Command } from '../../src/executor/log/tally.js';
import { FakeProgramSchema, type FakeProgram } from '../../src/executor/engines/fake/program.js';
import { validate } from '../../src/input/validate.js';
import type { DecisionKind, PolicyDefinition } from '../../src/policy/contract.js';
import { policies } from '../../src/policy/policies.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import { stream } from '../../src/random/stream.js';
import { built } from '../experiment/built.js';

/** The parts of a fake program that a test cares about. */
export type Program = { models: Record<string, Partial<FakeProgram['models'][string]> & { solo_ms: number }>; training?: Record<string, Partial<FakeProgram['training'][string]> & { epoch_ms: number }> } & Partial<
  Omit<FakeProgram, 'models' | 'training'>
>;

export function programOf(program: Program): FakeProgram {
  const { value, issues } = validate(FakeProgramSchema, structuredClone(program));
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return { ...(value as FakeProgram), device: mkdtempSync(join(tmpdir(), 'corun-fake-')) };
}

export interface Choice {
  dispatch?: [string, object] | PolicyDefinition<'dispatch'>;
  retrain?: [string, object];
  place?: [string, object];
  supervision?: Partial<System['supervision']>;
  /** Whether jobs deploy what they learnt at the end of each epoch. */
  deploys?: boolean;
  /** What control believes of memory; by default what the program says. */
  believedMiB?: number;
}

/** One site with one fake accelerator, an app for each model, a job for each training. */
export function systemOf(program: FakeProgram, { supervision, believedMiB, deploys }: Choice = {}): System {
  const names = Object.keys(program.models);
  return {
    apps: names.map((model) => ({ name: model, sloMs: Infinity, stages: [{ model, sites: [0] }] })),
    sites: [{ name: 'edge' }],
    accelerators: [
      {
        name: 'edge/fake0',
        site: 0,
        profile: {
          name: 'fake',
          ...(believedMiB !== undefined && { accelerator: { name: 'fake', memory_mib: believedMiB } }),
          models: Object.fromEntries(Object.entries(program.models).map(([name, { solo_ms, batches, memory_mib, load_ms }]) => [name, { solo_ms, memory_mib, load_ms, ...(batches && { batches }) }])),
          training: Object.fromEntries(Object.entries(program.training).map(([name, { epoch_ms, memory_mib }]) => [name, { batch: 16, epoch_s: epoch_ms / 1000, memory_mib }])),
        },
      },
    ],
    jobs: Object.keys(program.training).map((model) => ({ model, site: 0, ...(deploys === true && { epochsPerDeploy: 1 }) })),
    supervision: { retries: 1, restartAfterMs: 20, longestRestartMs: 1000, hangAfterMs: Infinity, ...supervision },
  };
}

export function bundleOf(system: System, { dispatch = ['fcfs', {}], retrain = ['continuous', {}], place = ['all-on-one', {}] }: Choice = {}): Bundle {
  const hired = <K extends DecisionKind>(kind: K, choice: [string, object] | PolicyDefinition<K>): Hired<K> => {
    const definition = Array.isArray(choice) ? (policies[kind][choice[0]]) : choice;
    const options = validate(definition.options, Array.isArray(choice) ? structuredClone(choice[1]) : {}, []).value;
    const accelerators = system.accelerators.map(({ name, profile }, id) => ({
      id,
      name,
      site: 0,
      models: Object.keys(profile.models),
      coRun: (jobs: readonly string[], training: string | undefined) => predictCoRun(profile, jobs, training),
    }));
    return { definition, decision: definition.create(options, { random: stream(1, kind), topology: { accelerators } }) };
  };
  return { route: hired('route', ['fixed', {}]), select: [hired('select', ['fixed', {}])], place: hired('place', place), dispatch: [hired('dispatch', dispatch)], retrain: [hired('retrain', system.jobs.length > 0 ? retrain : ['never', {}])] };
}

/** An executor on a fake accelerator, with all that it commands. */
export function fakeExecutor(program: Program, choice: Choice = {}, options: Partial<ExecutorOptions> = {}) {
  built('executor/worker/main.js');
  const whole = programOf(program);
  const system = systemOf(whole, choice);
  const commands: Command[] = [];
  const executor = new Executor(system, bundleOf(system, choice), { engine: 'fake', engineOptions: whole, onCommand: (command) => commands.push(command), ...options });
  return { executor, system, commands, program: whole, again: () => bundleOf(system, choice) };
}

/** An image of which the fake model says that it is of this class. */
export const imageOf = (label: number): Uint8Array => new Uint8Array(8 * 8 * 3).fill(label);

/** The class that an answer says. */
export const classOf = (answer: Uint8Array): number => new Float32Array(new Uint8Array(answer).buffer).indexOf(1);

export interface Ended {
  outcome: Outcome;
  label: number | undefined;
  latencyMs: number;
}

/** Sends one request, and waits for its end. */
export function ask(executor: Executor, app: number, label: number, sloMs = Infinity): Promise<Ended> {
  const sinceMs = performance.now();
  return new Promise((ended) =>
    executor.submit(app, imageOf(label), sloMs, (outcome, answer) => ended({ outcome, label: answer && classOf(answer), latencyMs: performance.now() - sinceMs })),
  );
}

export const later = (ms: number): Promise<void> => new Promise((passed) => setTimeout(passed, ms));

/** Waits until something is so. @throws if it is not within ten seconds */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const sinceMs = performance.now();
  while (!isSo()) {
    if (performance.now() - sinceMs > 10_000) throw new Error(`ten seconds, and still not: ${what}`);
    await later(5);
  }
}
