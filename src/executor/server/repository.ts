import { Counter, Gauge, type Registry } from 'prom-client';
import type { Executor } from '../executor.js';
import type { EdgeTotals } from '../repository/edge.js';

/** What an edge has of its repository, for the page. Versions count from 1; 0 is none. */
export interface RepositoryStatus extends EdgeTotals {
  url: string;
  manager_lost: boolean;
  /** Of the storage; null without a limit. */
  free_mib: number | null;
  models: { model: string; newest: number; stored: number; pulling: number; size_mib: number }[];
}

/** Undefined where there is no repository. */
export function repositoryStatus({ control: { storage }, edge }: Executor): RepositoryStatus | undefined {
  if (storage === undefined || edge === undefined) return undefined;
  const freeMiB = storage.freeMiB(0);
  return {
    url: edge.client.url,
    manager_lost: storage.isManagerLost,
    free_mib: freeMiB < Infinity ? freeMiB : null,
    ...edge.totals,
    models: storage.spec.models.map(({ name }, model) => ({ model: name, newest: storage.newest[model], stored: storage.versionAt(0, model), pulling: storage.pullingAt(0, model), size_mib: storage.sizeMiB(model, storage.newest[model]) })),
  };
}

/** The same for Prometheus, where there is a repository. */
export function repositoryMetrics(executor: Executor, registry: Registry): void {
  if (repositoryStatus(executor) === undefined) return;
  const registers = [registry];
  const now = (): RepositoryStatus => repositoryStatus(executor)!;
  new Gauge({ name: 'corun_repository_manager_lost', help: 'Whether the repository cannot be reached.', registers, collect() { this.set(now().manager_lost ? 1 : 0); } });
  for (const field of ['newest', 'stored', 'pulling'] as const)
    new Gauge({ name: `corun_repository_version_${field}`, help: `Version of a model that is ${field === 'newest' ? 'the newest' : field === 'stored' ? 'in the storage' : 'on its way'}; 0 for none.`, labelNames: ['model'], registers, collect() { for (const one of now().models) this.set({ model: one.model }, one[field]); } });
  const counter = (name: string, help: string, field: keyof EdgeTotals): void => {
    new Counter({ name: `corun_repository_${name}`, help, registers, collect() { this.reset(); this.inc(now()[field]); } });
  };
  counter('pulls_total', 'Versions that were pulled whole.', 'pulled');
  counter('pulls_failed_total', 'Pulls that ended without their file.', 'failed');
  counter('corrupted_total', 'Files that came with another SHA-256 than the manifest says.', 'corrupted');
  counter('resumed_total', 'Times that a pull went on where it had been cut off.', 'resumed');
  counter('received_bytes_total', 'Bytes of files that came.', 'bytes');
}
