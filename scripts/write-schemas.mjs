// Writes schemas/*.json from the built program: npm run schemas
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaFiles } from '../dist/scenario/json-schema.js';

const directory = fileURLToPath(new URL('../schemas/', import.meta.url));
mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(directory + name, text);
