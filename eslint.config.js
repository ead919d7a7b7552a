// What the machine checks about the sources. Nothing here is about looks; every restriction says why it exists and what to write instead.
import { defineConfig } from 'eslint/config';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/** Folders that read no clock and do no input or output: the same code decides in the simulator and beside a real accelerator. */
const PURE = ['random', 'statistics', 'faults', 'contention', 'learning', 'policy', 'control', 'measurement', 'simulator'].map((folder) => `src/${folder}/**/*.ts`);

/** The one place under src/policy that touches the disk: it opens researchers' own policies. */
const OPENS_POLICIES = 'src/policy/load.ts';

/** Folders that show results. Everything else in src has a part in how they come about. */
const SHOWS = ['src/report/**/*.ts', 'src/cli/**/*.ts'];

// ------------------------------------------------------------------------------------------------- never `if (simulated)`

const SIMULATED =
  'What is decided must not depend on being simulated, or what is predicted is not what is deployed. Put the difference behind the driver of src/control.';

const branches = [
  ':matches(IfStatement, ConditionalExpression, WhileStatement) > Identifier.test',
  ':matches(IfStatement, ConditionalExpression, WhileStatement) > *.test Identifier',
  'LogicalExpression > Identifier',
  'LogicalExpression > * > Identifier',
  'SwitchStatement > Identifier.discriminant',
  'SwitchStatement > *.discriminant Identifier',
].map((place) => ({ selector: `${place}[name=/^_?(is_?)?simulat(ed|ing|ion)$/i]`, message: SIMULATED }));

// -------------------------------------------------------------------------------------------------------- the same bytes

const SAME_BYTES = 'Results have the same bytes on every supported Node version and machine';
const STREAM = `${SAME_BYTES}: draw from a keyed stream of src/random, so that a draw depends on the seed and on what it is for.`;
const LANGUAGE = `${SAME_BYTES}, and this depends on the machine's language. Compare with < and >, write numbers with String() or toFixed().`;
const POWER =
  `${SAME_BYTES}, and powers have not: x ** 3, x ** -1 and 10 ** -3 differ between Node 22 and 24. ` +
  'x ** 2 and 2 ** 10 are safe; else multiply, divide, write 1e-3, or use Math.exp(y * Math.log(x)).';
const INEXACT = `${SAME_BYTES}, and the last bit of this function is up to the engine. Use arithmetic with Math.sqrt, cbrt, exp and log.`;

/** Exact, correctly rounded, or taken by V8 from fdlibm, in Node 20, 22 and 24 alike. */
const STABLE = 'abs|cbrt|ceil|clz32|exp|expm1|floor|fround|imul|log|log10|log1p|log2|max|min|round|sign|sqrt|trunc|E|LN2|LN10|LOG2E|LOG10E|PI|SQRT1_2|SQRT2';

const SQUARE = '[right.value=2]';
const OF_TWO = '[left.value=2][right.raw=/^[0-9]+$/]';
const OF_A_HALF = `[left.value=2][right.operator='-'][right.argument.raw=/^[0-9]+$/]`;

const sameBytes = {
  syntax: [
    { selector: `BinaryExpression[operator='**']:not(${SQUARE}):not(${OF_TWO}):not(${OF_A_HALF})`, message: POWER },
    { selector: `AssignmentExpression[operator='**=']:not(${SQUARE})`, message: POWER },
    { selector: `MemberExpression[object.name='Math'][property.name='pow']`, message: POWER },
    { selector: `MemberExpression[object.name='Math'][property.name='random']`, message: STREAM },
    { selector: `MemberExpression[object.name='Math'][computed=false]:not([property.name=/^(${STABLE}|pow|random)$/])`, message: INEXACT },
    {
      selector: `:matches(MemberExpression[object.name='Math'][computed=true], :not(MemberExpression) > Identifier[name='Math'])`,
      message: 'Write Math.name in full, so that it can be seen which function is used.',
    },
    { selector: 'Identifier[name=/^(localeCompare|toLocale(String|DateString|TimeString|UpperCase|LowerCase))$/]', message: LANGUAGE },
  ],
  globals: [
    { name: 'Intl', message: LANGUAGE },
    { name: 'crypto', message: STREAM },
  ],
  imports: [{ regex: '^(node:)?crypto$', message: STREAM }],
};

// ---------------------------------------------------------------------------------------- neither clock, nor input or output

const CLOCK = 'The same code runs on simulated and on real time. Use the nowMs that it is given; to be called later, return the time of a wake-up.';
const SURROUNDINGS = 'The same code runs in a simulation, in a thread and beside an accelerator, and must not know where. Hand in what it needs as an argument.';
const NO_IO = 'This folder does no input or output. Read in src/trace, src/scenario or src/experiment, and hand in the values.';

const clocks = ['Date', 'Temporal', 'performance', 'setTimeout', 'setInterval', 'setImmediate'];
const surroundings = ['process', 'fetch', 'console', 'global', 'globalThis', 'self', 'require', 'navigator', 'Worker', 'WebSocket', 'WeakRef', 'FinalizationRegistry'];
const modules = builtinModules.filter((name) => /^[a-z]/.test(name) && !name.startsWith('node:') && name !== 'crypto').join('|');

const pure = {
  syntax: [{ selector: 'ImportExpression', message: NO_IO }],
  globals: [...clocks.map((name) => ({ name, message: CLOCK })), ...surroundings.map((name) => ({ name, message: SURROUNDINGS }))],
  imports: [{ regex: `^(${modules}|node:(?!crypto$).*)$`, message: NO_IO }],
};

const opensPolicies = { ...pure, syntax: [], imports: [{ regex: `^(${modules}|node:(?!crypto$|url$|fs/promises$).*)$`, message: NO_IO }] };

/** The three rules of ESLint that forbid by list. One file's lists do not add up over several entries, so each entry has all of its own. */
const forbid = (...lists) => ({
  'no-restricted-syntax': ['error', ...branches, ...lists.flatMap(({ syntax }) => syntax)],
  'no-restricted-globals': ['error', ...lists.flatMap(({ globals }) => globals)],
  'no-restricted-imports': ['error', { patterns: lists.flatMap(({ imports }) => imports) }],
});

// ----------------------------------------------------------------------------------------------------------- all together

const recommended = [...builtinRules].filter(([, { meta }]) => meta.docs?.recommended && !meta.deprecated).map(([name]) => [name, 'error']);
const unsafe = ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => `@typescript-eslint/no-unsafe-${use}`);
const available = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig(
  { ignores: ['dist/', 'out/', 'coverage/', 'notebooks/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    rules: {
      ...Object.fromEntries(recommended),
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
      // Published constants are quoted as printed, with more digits than a double holds.
      'no-loss-of-precision': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A contract may be asynchronous for the sake of one of its implementations.
      '@typescript-eslint/require-await': 'off',
      // Maps of generic definitions (policies, models) have no other common type; the no-unsafe rules watch what is done with them.
      '@typescript-eslint/no-explicit-any': 'off',
      // Takes the rest of `unknown`, after objects are ruled out, for an object.
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: available('process', 'console', 'performance', 'URL', 'Buffer', 'TextDecoder', 'TextEncoder') } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { ...available('require', '__dirname'), module: 'writable' } } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Tests look into parsed documents, and take functions off their objects.
      ...Object.fromEntries([...unsafe, '@typescript-eslint/unbound-method'].map((rule) => [rule, 'off'])),
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe|suite|bench)$/][property.name=/^(only|skip|todo|fails)$/]',
          message: 'A test that does not run shows nothing. Mend it, or remove it with what it was about.',
        },
      ],
    },
  },
  { files: ['src/**/*.ts'], ignores: [...PURE, ...SHOWS], rules: forbid(sameBytes) },
  { files: SHOWS, rules: forbid() },
  { files: PURE, ignores: [OPENS_POLICIES], rules: forbid(sameBytes, pure) },
  { files: [OPENS_POLICIES], rules: forbid(sameBytes, opensPolicies) },
);
