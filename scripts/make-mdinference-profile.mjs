// Makes calibration/mdinference-gpu.json, calibration/mdinference-cpu.json, docs/profiles/mdinference.md and
// scenarios/data/mdinference-residential.csv from calibration/published/mdinference.yaml.
// Usage: npm run build && node scripts/make-mdinference-profile.mjs [--out DIR]      DIR stands for the repository's root, which is the default
import { fromEntries, readPublished, rounded, table, write, writeProfile } from './profiles/writing.mjs';

const published = readPublished('mdinference');
const MODELS = Object.keys(published.models);

const KINDS = {
  gpu: { about: 'a GPU of the p2 class (EC2)', device: 'GPU of EC2’s p2 class' },
  cpu: { about: 'a CPU of the c5 class (EC2)', device: 'CPU of EC2’s c5 class' },
};

for (const [kind, { about, device }] of Object.entries(KINDS)) {
  const known = MODELS.filter((name) => published.models[name][`${kind}_ms`] !== undefined);
  writeProfile(`calibration/mdinference-${kind}.json`, {
    schema: 'corun/profile@1',
    name: `mdinference-${kind}`,
    about: `${known.length} image classifiers with their accuracies on ${about}, as published with MDInference (not calibrated by us). docs/profiles/mdinference.md says what is assumed.`,
    source: [published.paper, 'restated with a mark of origin each in calibration/published/mdinference.yaml; this file is made from it by `npm run profiles`'],
    assumptions: [
      `Times are those of ${device}, one request at a time.`,
      'The spread of single requests is lognormal with the published deviation; the released simulation draws from a normal distribution, which for deviations so small is the same.',
      'Neighbours were not measured: there is no contention model, and requests on one accelerator do not slow each other. Memory, load times and power are not published: 0, so memory is never a limit here.',
    ],
    models: fromEntries(known, (name) => {
      const { accuracy_percent, [`${kind}_ms`]: [mean, sd] } = published.models[name];
      return { solo_ms: mean, spread: { distribution: 'lognormal', cv: rounded(sd / mean, 6) }, accuracy: rounded(accuracy_percent / 100, 4) };
    }),
  });
}

// ------------------------------------------------------------------------------------------------------- the network

const { late, fastest_ms, least_ms, most_ms } = published.residential;
const oneWay = [[least_ms, 1], ...late.map(([sla, share]) => [sla - fastest_ms, share]), [most_ms, 0]].map(([ms, share]) => `${rounded(ms / 2, 4)},${share}`);
write(
  'scenarios/data/mdinference-residential.csv',
  `# One-way delays of the residential network of MDInference, half of the round trip that its figure implies; made by scripts/make-mdinference-profile.mjs\nms,share\n${oneWay.join('\n')}\n`,
);

// ------------------------------------------------------------------------------------------------------------ its page

const cell = (pair) => (pair === undefined ? ['–', '–'] : pair.map((ms) => ms.toFixed(3)));
write(
  'docs/profiles/mdinference.md',
  `# MDInference's models

<!-- Made by scripts/make-mdinference-profile.mjs; edits are overwritten. -->

\`calibration/mdinference-gpu.json\` and \`calibration/mdinference-cpu.json\` hold the image classifiers of MDInference with their times and accuracies, for scenarios with \`variants\`.
Nobody calibrated them through this program. A script makes them from what the authors published, restated with a mark of origin each in
[\`calibration/published/mdinference.yaml\`](../../calibration/published/mdinference.yaml); \`npm run profiles\` makes them again, to the byte.

Source: ${published.paper}.

## What is in it

${table(['model', 'accuracy %', 'GPU ms', 'deviation', 'CPU ms', 'deviation', 'in the set of eleven'], MODELS.map((name) => [name, published.models[name].accuracy_percent, ...cell(published.models[name].gpu_ms), ...cell(published.models[name].cpu_ms), published.models[name].in_eleven ? 'yes' : '']))}

\`nasnet_pathos\` is fictional: as slow as \`nasnet_large\` and hardly right half of the time, made up by the authors to show what exploration does.

## Assumed

- One request at a time: nothing is known of neighbours, memory, load times or power. Requests on one accelerator do not slow each other, so results for several at once are optimistic.
- The spread of single requests is lognormal with the published deviation; the released simulation draws from a normal distribution, which for deviations so small is the same.
- The times are of servers. No time of a phone is published, though the small model \`mobilenet_v1_0.25_128\` stands for that of the phone.

## The residential network

\`scenarios/data/mdinference-residential.csv\` is read off a figure: the share of requests that the fastest model answers too late, by SLA. That is the distribution of the round trip; the file has half of it, for a \`symmetric\` network. What lies beyond ${late.at(-1)[0]} ms (${late.at(-1)[1] * 100} % of it) is spread evenly up to ${most_ms} ms.
`,
);
