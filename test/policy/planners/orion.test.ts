import { describe, expect, it } from 'vitest';
import { OrionGate, orionKind, orionLimits, OrionWidth, type OrionOperation } from '../../../src/policy/planners/orion.js';

const operation = (kind: OrionOperation['kind'], processors: number, durationMs: number): OrionOperation => ({ kind, processors, durationMs });

it('limits beside the ResNet-50 of the paper: the whole V100, and about 160 µs', () => {
  const { processors, durationMs } = orionLimits(80, 6.5);
  expect(processors).toBe(80);
  expect(Math.abs(durationMs - 0.16)).toBeLessThan(0.003);
});

it('an operation is bound by compute above 9.72 FLOP per byte; without floating-point work utilisation says', () => {
  expect(orionKind({ flopPerByte: 9.8, processorShare: 0, memoryShare: 0 })).toBe('compute');
  expect(orionKind({ flopPerByte: 9.7, processorShare: 0, memoryShare: 0 })).toBe('memory');
  expect(orionKind({ processorShare: 0.6, memoryShare: 0.9 })).toBe('compute');
  expect(orionKind({ processorShare: 0.5, memoryShare: 0.6 })).toBe('memory');
  expect(orionKind({ processorShare: 0.5, memoryShare: 0.5 })).toBe('unknown');
});

describe('the gate', () => {
  const limits = { processors: 80, durationMs: 1 };

  it('lets in what is of another kind and fits, or anything while the high-priority client has nothing', () => {
    const gate = new OrionGate(limits);
    const beside = operation('compute', 80, 1);
    expect(gate.admits(operation('compute', 10, 0.1), beside, 0)).toBe(false);
    expect(gate.admits(operation('memory', 10, 0.1), beside, 75)).toBe(false);
    expect(gate.admits(operation('memory', 10, 0.1), beside, 70)).toBe(true);
    expect(gate.admits(operation('unknown', 10, 0.1), operation('unknown', 1, 1), 0)).toBe(true);
    expect(gate.admits(operation('compute', 200, 0.1), undefined, 0)).toBe(true);
  });

  it('closes once the summed durations exceed the limit, until all has completed', () => {
    const gate = new OrionGate(limits);
    expect(gate.admits(operation('memory', 1, 1), undefined, 0)).toBe(true);
    expect(gate.admits(operation('memory', 1, 0.1), undefined, 0)).toBe(true);
    expect(gate.admits(operation('memory', 1, 0.1), undefined, 0)).toBe(false);
    gate.completed();
    expect(gate.admits(operation('memory', 1, 0.1), undefined, 0)).toBe(true);
  });
});

it('beside training the width is found by bisection', () => {
  // An iteration takes 100 ms plus 1 ms for each multiprocessor that best effort fills; 130 ms are allowed.
  const width = new OrionWidth(80, 130);
  expect(width.processors).toBe(40);
  for (let i = 0; i < 10; i++) width.measured(100 + width.processors);
  expect(width.processors).toBeGreaterThanOrEqual(29);
  expect(width.processors).toBeLessThanOrEqual(30);
});
