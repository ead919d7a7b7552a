// The layers of src/: dependencies go up this list only, never sideways, never in a circle. Types count as well.
const LEVELS = [
  ['random', 'statistics', 'input'],
  ['trace', 'faults', 'contention', 'learning', 'models', 'codec'],
  ['profile'],
  ['policy'],
  ['scenario', 'control'],
  ['measurement'],
  ['simulator', 'executor'],
  ['experiment'],
  ['report'],
  ['calibration', 'planning', 'sweep', 'check', 'papers'],
  ['cli'],
];

/** Packages that only these folders may use: heavy, or tied to one task. All others are free. */
const PACKAGES = {
  'vega|vega-lite': ['report'],
  'hyparquet-writer': ['report'],
  'cli-table3': ['report', 'cli'],
  picocolors: ['report', 'cli'],
  piscina: ['experiment', 'sweep'],
  seedrandom: ['random'],
  '@stdlib/[^/]+': ['statistics'],
  ajv: ['input'],
  'fastest-levenshtein': ['input'],
  yaml: ['input', 'scenario'],
  yargs: ['cli'],
  '@tensorflow/[^/]+|webgpu|sharp': ['executor', 'models', 'codec', 'calibration'],
  yauzl: ['executor'],
  fastify: ['executor', 'planning', 'sweep', 'cli'],
  bullmq: ['sweep'],
};

const folders = LEVELS.flat();
const anyOf = (names) => `(?:${names.join('|')})`;

const layers = LEVELS.flatMap((level, height) =>
  level.map((folder) => ({
    name: `layer-${folder}`,
    severity: 'error',
    comment: `src/${folder} may import only itself and what lies below it: ${LEVELS.slice(0, height).flat().join(', ') || 'nothing'}. Move what is shared down, or hand it in as an argument.`,
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: `^src/${anyOf([folder, ...LEVELS.slice(0, height).flat()])}/` },
  })),
);

const packages = Object.entries(PACKAGES).map(([name, users]) => ({
  name: `package-${name.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}`,
  severity: 'error',
  comment: `${name} is for src/${users.join(', src/')}: it is slow to load, or one folder hides it from the others.`,
  from: { path: '^src/', pathNot: `^src/${anyOf(users)}/` },
  to: { path: `^node_modules/(?:@types/)?(?:${name})/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    ...packages,
    {
      name: 'place-in-the-house',
      severity: 'error',
      comment: `Every module lies in a folder that has a layer: ${folders.join(', ')}. Only src/index.ts, the exported interface, lies above them.`,
      from: { path: '^src/', pathNot: `^src/(?:${anyOf(folders)}/|index\\.ts$)` },
      to: {},
    },
    {
      name: 'index-without-cli',
      severity: 'error',
      comment: 'Who imports the package must not load the command line.',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'A circle has no order to load it in. Move what both need into a third file. Types may refer to each other.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment: 'Nobody imports it and it imports nothing: dead, or forgotten in a map.',
      from: { orphan: true, pathNot: '\\.d\\.ts$' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', comment: 'An import that cannot be followed is an import that is not checked.', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-package',
      severity: 'error',
      comment: 'A package must stand under dependencies, or it is missing where corun is installed.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'], pathNot: '^node_modules/@types/' },
    },
    { name: 'not-deprecated', severity: 'error', comment: 'Replace the package or the Node module.', from: {}, to: { dependencyTypes: ['deprecated'] } },
    { name: 'src-alone', severity: 'error', comment: 'src must not need tests or scripts.', from: { path: '^src/' }, to: { path: '^(?:test|scripts|dist)/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
