// Runs the built program as a user would: every scenario, every command's --help, and typical mistakes: npm run smoke
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = 'dist/cli/main.js';
const QUICKSTART = 'scenarios/quickstart.yaml';
const CHEAP = ['--threads', '2', '--format', 'json', '--set', 'measure.replications.min=2', '--set', 'measure.replications.max=2'];

const root = fileURLToPath(new URL('../', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'corun-smoke-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
let passed = 0;
let failed = 0;

function corun(...args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 300_000 });
  return { code: signal ?? status, stdout, stderr };
}

/** Reports one case; `faults` are sentences that say what is wrong with it. */
function report(title, faults, { stdout = '', stderr = '' } = {}) {
  if (faults.length === 0) {
    passed++;
    process.stdout.write(`ok      ${title}\n`);
    return;
  }
  failed++;
  const shown = `${stderr}${stdout.slice(0, 500)}`.trim().split('\n').slice(0, 12);
  process.stdout.write(`failed  ${title}: ${faults.join('; ')}\n${shown.map((line) => `        | ${line}\n`).join('')}`);
}

const when = (wrong, sentence) => (wrong ? [sentence] : []);
const trace = (text) => /^\s+at .+[:(]/m.test(text);

// ------------------------------------------------------------------------------------------------------ scenarios

/** What is wrong with the JSON of a comparison. */
function faultsOf(text) {
  try {
    const { schema, alternatives } = JSON.parse(text);
    return [
      ...when(typeof schema !== 'string' || !schema.startsWith('corun/'), `schema is ${schema}`),
      ...when(!Array.isArray(alternatives) || alternatives.length === 0, 'no alternatives'),
      ...(alternatives ?? []).flatMap(({ name, verdict, metrics }) => [
        ...when(typeof verdict !== 'string', `${name} has no verdict`),
        ...when(verdict !== 'refused' && !Object.values(metrics ?? {}).length, `${name} has no metrics`),
        ...Object.entries(metrics ?? {}).flatMap(([metric, { mean }]) => when(!Number.isFinite(mean), `${name}: the mean of ${metric} is ${mean}`)),
      ]),
    ];
  } catch (error) {
    return [`stdout is not JSON: ${error.message}`];
  }
}

const scenarios = readdirSync(join(root, 'scenarios'), { recursive: true }).filter((name) => /\.ya?ml$/.test(name)).sort();
report(`scenarios found: ${scenarios.length}`, when(scenarios.length === 0, 'there must be some'));
for (const name of scenarios) {
  const path = join('scenarios', name);
  const run = corun('compare', path, ...CHEAP);
  report(`compare ${path}`, [...when(run.code !== 0, `exit code ${run.code}`), ...faultsOf(run.stdout)], run);
}

{
  const folder = join(temporary, 'out');
  const run = corun('simulate', QUICKSTART, ...CHEAP, '--out', folder, '--requests');
  const files = run.code === 0 ? readdirSync(folder) : [];
  const missing = ['summary.json', 'report.html', 'requests.parquet'].filter((file) => !files.includes(file));
  report('simulate --out --requests', [...when(run.code !== 0, `exit code ${run.code}`), ...faultsOf(run.stdout), ...when(missing.length > 0, `not written: ${missing.join(', ')}`)], run);
}

// ----------------------------------------------------------------------------------------------------------- help

const { commands } = await import(`../${MAIN.replace('main', 'commands')}`);
for (const { command } of commands) {
  const [name] = command.split(' ');
  const run = corun(name, '--help');
  report(`${name} --help`, [...when(run.code !== 0, `exit code ${run.code}`), ...when(!/Examples?:\s+corun /.test(run.stdout), 'it ends without an example')], run);
}
{
  const run = corun('--help');
  const unnamed = commands.map(({ command }) => command.split(' ')[0]).filter((name) => !run.stdout.includes(`corun ${name}`));
  report('--help', [...when(run.code !== 0, `exit code ${run.code}`), ...when(unnamed.length > 0, `it does not name ${unnamed.join(', ')}`)], run);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const told = corun('--version');
  report('--version', [...when(told.code !== 0, `exit code ${told.code}`), ...when(told.stdout.trim() !== version, `not ${version}`)], told);
}

// ------------------------------------------------------------------------------------------------------- mistakes

/** The quickstart with a change, elsewhere on the disk, so its profile is named by its full path. */
function changed(name, change) {
  const path = join(temporary, name);
  const original = readFileSync(join(root, QUICKSTART), 'utf8');
  const text = change(original);
  if (text === original) throw new Error(`${name}: the quickstart has nothing to change like this any more`);
  writeFileSync(path, text.replaceAll('../calibration/', `${resolve(root, 'calibration')}/`));
  return path;
}

/** Arguments, and what the sentence on stderr must say so that the user can mend it. */
const mistakes = {
  'no command': [[], /--help/],
  'a misspelt command': [['compre', QUICKSTART], /compare/],
  'a misspelt option': [['compare', QUICKSTART, '--thread', '2'], /thread/],
  'no scenario': [['compare'], /scenario/],
  'a scenario that does not exist': [['compare', 'scenarios/quikstart.yaml'], /quikstart\.yaml/],
  'a folder as the scenario': [['compare', 'scenarios'], /scenarios/],
  'a misspelt field': [['compare', changed('field.yaml', (text) => text.replace(/slo_ms: \d+/, 'slo_mss: 100'))], /field\.yaml:\d+:\d+: .*slo_ms\b/s],
  'a wrong unit': [['compare', changed('unit.yaml', (text) => text.replace(/slo_ms: \d+/, 'slo_s: 100'))], /unit\.yaml:\d+:\d+: .*slo_ms\b/s],
  'a unit in a value': [['compare', changed('suffix.yaml', (text) => text.replace(/slo_ms: \d+/, 'slo_ms: 100ms'))], /suffix\.yaml:\d+:\d+: .*slo_ms/s],
  'a negative number': [['compare', changed('negative.yaml', (text) => text.replace(/slo_ms: \d+/, 'slo_ms: -100'))], /negative\.yaml:\d+:\d+: .*-100/s],
  'NaN': [['compare', changed('nan.yaml', (text) => text.replace(/slo_ms: \d+/, 'slo_ms: .nan'))], /nan\.yaml:\d+:\d+: .*slo_ms/s],
  'broken YAML': [['compare', changed('broken.yaml', (text) => text.replace('sites:', 'sites: ['))], /broken\.yaml:\d+/],
  'a missing profile': [['compare', changed('profile.yaml', (text) => text.replace('rtx3080ti.json', 'rtx3080.json'))], /rtx3080\.json/],
  'a misspelt policy': [['compare', changed('policy.yaml', (text) => text.replace('dispatch: unlimited', 'dispatch: unlimitd'))], /unlimited/],
  'a policy file that does not exist': [['compare', changed('own.yaml', (text) => text.replace('dispatch: unlimited', 'dispatch: ./mine.mjs'))], /mine\.mjs/],
  'a model that the profile does not know': [['compare', changed('model.yaml', (text) => text.replace('model: googlenet', 'model: googlnet'))], /googlenet/],
  'two alternatives of one name': [['compare', changed('twice.yaml', (text) => text.replace('name: unlimited', 'name: corun'))], /corun/],
  '--set without a value': [['compare', QUICKSTART, '--set', 'seed'], /=/],
  '--set of an unknown field': [['compare', QUICKSTART, '--set', 'measure.primry=goodput_rps'], /primary/],
  '--set of a wrong value': [['compare', QUICKSTART, '--set', 'duration_s=-1'], /duration_s/],
  '--format of another kind': [['compare', QUICKSTART, '--format', 'xml'], /json/],
  '--threads 0': [['compare', QUICKSTART, '--threads', '0'], /threads/],
  '--requests without --out': [['compare', QUICKSTART, '--requests'], /--out/],
  'an alternative that does not exist': [['simulate', QUICKSTART, '-a', 'corunn'], /corun/],
};
for (const [title, [args, told]] of Object.entries(mistakes)) {
  const run = corun(...args);
  report(
    title,
    [
      ...when(run.code !== 2, `exit code ${run.code} instead of 2`),
      ...when(run.stdout !== '', 'something on stdout'),
      ...when(trace(run.stderr), 'a stack trace'),
      ...when(!told.test(run.stderr), `the sentence does not match ${told}`),
    ],
    run,
  );
}

process.stdout.write(`smoke: ${passed} ok, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
