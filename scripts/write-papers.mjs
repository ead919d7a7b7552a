// Runs every published number again and writes docs/papers.md. Exits with 1 if one differs without a reason.
import { writeFileSync } from 'node:fs';
import { numberSets } from '../dist/papers/number-sets.js';
import { verdictOf } from '../dist/papers/number-set.js';
import { papersPage } from '../dist/papers/page.js';

const run = [];
for (const set of Object.values(numberSets)) {
  const begun = performance.now();
  const rows = await set.run();
  run.push({ set, rows });
  const count = (wanted) => rows.filter((row) => verdictOf(row) === wanted).length;
  console.error(`${set.name}: ${count('met')} met, ${count('differs')} differ, ${count('shown')} not asserted (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  for (const row of rows) {
    if (verdictOf(row) !== 'differs' || row.because !== undefined) continue;
    console.error(`  ${row.what}: published ${row.published}, ours ${row.ours}`);
    process.exitCode = 1;
  }
}
writeFileSync(new URL('../docs/papers.md', import.meta.url), papersPage(run));
