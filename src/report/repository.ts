/** What is to be known of a version. */
interface Version {
  sha256: string;
  bytes: number;
  /** A fraction. */
  accuracy?: number;
}

const SHORT = 12;

/** The versions of each model for the terminal, the newest first. */
export function repositoryText(models: Readonly<Record<string, readonly Version[]>>): string {
  const rows = Object.entries(models).flatMap(([model, versions]) =>
    versions.map(({ sha256, bytes, accuracy }, i) => [model, String(i + 1), (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 1), accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(1)} %`, sha256.slice(0, SHORT)]).reverse(),
  );
  if (rows.length === 0) return 'nothing is published yet\n';
  const table = [['model', 'version', 'MiB', 'accuracy', 'SHA-256'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) => `${row.map((cell, column) => (column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd()}\n`).join('');
}
