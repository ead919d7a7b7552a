/** Columns by which a file is recognised. */
const signs: readonly (readonly [format: string, columns: readonly string[]])[] = [
  ['corun-csv', ['time_ms']],
  ['azure-llm', ['TIMESTAMP', 'ContextTokens']],
  ['azure-functions-2019', ['HashOwner', 'HashApp', 'HashFunction']],
  ['azure-functions-2021', ['app', 'func', 'end_timestamp']],
];

/** The format that a header looks like, to tell a user who named another one; undefined if it looks like none. */
export function formatOf(header: readonly string[]): string | undefined {
  return signs.find(([, columns]) => columns.every((column) => header.includes(column)))?.[0];
}
