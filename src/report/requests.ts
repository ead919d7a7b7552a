import type { Detail, RequestRow } from '../experiment/result.js';

const numbers = ['born_ms', 'arrived_ms', 'started_ms', 'answered_ms', 'latency_ms'] as const satisfies (keyof RequestRow)[];

/** All recorded requests as a Parquet file: the alternative, then the fields of `RequestRow`; −1 is a time of what did not happen. */
export async function requestsParquet({ recordings }: Detail): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const of = <T>(get: (row: RequestRow, alternative: string) => T): T[] =>
    recordings.flatMap((r) => r.requests.map((row) => get(row, r.alternative)));
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'alternative', type: 'STRING', nullable: false, data: of((_, alternative) => alternative) },
      { name: 'app', type: 'STRING', nullable: false, data: of((r) => r.app) },
      { name: 'site', type: 'STRING', nullable: false, data: of((r) => r.site) },
      { name: 'model', type: 'STRING', nullable: false, data: of((r) => r.model) },
      ...numbers.map((name) => ({ name, type: 'DOUBLE' as const, nullable: false, data: of((r) => r[name]) })),
      { name: 'outcome', type: 'STRING', nullable: false, data: of((r) => r.outcome) },
      { name: 'in_slo', type: 'BOOLEAN', nullable: false, data: of((r) => r.in_slo) },
      { name: 'attempts', type: 'INT32', nullable: false, data: of((r) => r.attempts) },
    ],
  });
  return new Uint8Array(buffer);
}
