import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/executor/images/dataset.js';
import { datasets } from '../../../src/executor/images/datasets.js';

const page = readFileSync(new URL('../../../docs/retraining.md', import.meta.url), 'utf8');

describe.each(Object.entries<Dataset>(datasets))('%s', (name, dataset) => {
  it('bears its own name, says what it is, and describes every option', () => {
    expect(dataset.name).toBe(name);
    expect(dataset.about).toMatch(/^[A-Z].*\.$/);
    for (const option of Object.values<{ description?: string }>(dataset.options.properties)) expect(option.description).toBeTruthy();
  });

  it('has a section in docs/retraining.md that names every option', () => {
    const section = page.split(/^### /m).find((part) => part.startsWith(`\`${name}\``));
    expect(section).toBeDefined();
    for (const option of Object.keys(dataset.options.properties as object)) expect(section).toContain(`\`${option}\``);
  });
});
