// Runs an exported function of a TypeScript file and prints what it returns: `node in-own-process.mjs FILE FUNCTION [JSON of its arguments]`.
// Dawn keeps its process alive, so what uses it ends its process by itself.
import { createServer } from 'vite';

const [file, name, given = '[]'] = process.argv.slice(2);
const vite = await createServer({ configFile: false, logLevel: 'error', appType: 'custom', optimizeDeps: { noDiscovery: true }, server: { middlewareMode: true, hmr: false, ws: false, watch: null } });
const told = await (await vite.ssrLoadModule(file))[name](...JSON.parse(given));
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit());
