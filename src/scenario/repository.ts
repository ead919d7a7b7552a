import { Type } from '@sinclair/typebox';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import { linkSchema } from './network-schema.js';
import type { Repository } from './scenario.js';
import type { ScenarioFile } from './schema.js';

const closed = { additionalProperties: false } as const;
const size = (description: string) => Type.Number({ exclusiveMinimum: 0, description, examples: [97.5] });
const accuracy = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, description, examples: [0.78] }));

/** `repository:` as it is written. */
export const RepositorySchema = Type.Object(
  {
    models: Type.Array(
      Type.Object(
        {
          model: Type.String({ minLength: 1, description: 'a model, as the profiles name it', examples: ['inception_v3'] }),
          size_mib: size('size of its file'),
          accuracy: accuracy('share of its answers that are right, as a fraction; by default as the variant or the profile says'),
          updates: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  at_s: Type.Number({ exclusiveMinimum: 0, description: 'when it comes out', examples: [600] }),
                  size_mib: Type.Optional(size('size of its file, where it differs from that of the version before')),
                  accuracy: accuracy('its accuracy, where it differs from that of the version before'),
                },
                { ...closed, description: 'a newer version' },
              ),
              { description: 'newer versions, in order of time' },
            ),
          ),
        },
        { ...closed, description: 'a model and its versions' },
      ),
      { minItems: 1, description: 'the models that sites pull; those that are not listed are everywhere' },
    ),
    link: Type.Optional(linkSchema('from the repository to each site, one for each; no time if left out')),
  },
  { ...closed, description: 'a central place from which sites pull models into their storage' },
);

export const storageField = Type.Optional(
  Type.Number({ exclusiveMinimum: 0, description: 'room for models of the repository at this site; unlimited if left out', examples: [200] }),
);

/** Models that nobody knows or that are named twice, updates out of order, and storage without a repository. */
export function repositoryIssues({ repository, sites, faults = [] }: ScenarioFile, known: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  const value = (path: Path, sentence: string): void => void issues.push({ path, at: 'value', sentence });
  if (repository === undefined) {
    sites.forEach(({ storage_mib }, i) => {
      if (storage_mib !== undefined) value(['sites', i, 'storage_mib'], 'a storage holds models of a repository, and there is none; add repository: { models: … }, or remove storage_mib');
    });
    faults.forEach(({ lose }, i) => {
      if (lose === 'manager') value(['faults', i, 'lose'], 'there is no manager without a repository; add repository: { models: … }');
    });
    return issues;
  }
  const names = repository.models.map(({ model }) => model);
  for (const [i, { model, updates = [] }] of repository.models.entries()) {
    const path: Path = ['repository', 'models', i];
    if (!known.includes(model)) value([...path, 'model'], `no profile knows the model "${model}"${didYouMean(model, known)} (known: ${known.join(', ')})`);
    if (names.indexOf(model) < i) value([...path, 'model'], `a second model ${model}; its further versions belong under updates`);
    for (const [u, { at_s }] of updates.entries())
      if (u > 0 && at_s <= updates[u - 1].at_s) value([...path, 'updates', u, 'at_s'], `comes out at ${at_s} s, not after the version before it (${updates[u - 1].at_s} s)`);
  }
  return issues;
}

/** Versions with their sizes and accuracies filled in from those before. */
export function repositoryOf({ repository }: ScenarioFile): Pick<Repository, 'models'> {
  return {
    models: (repository?.models ?? []).map(({ model, size_mib, accuracy: own, updates = [] }) => {
      const versions: Repository['models'][number]['versions'] = [{ at_s: 0, size_mib, ...(own === undefined ? {} : { accuracy: own }) }];
      for (const update of updates) versions.push({ ...versions[versions.length - 1], ...update });
      return { model, versions };
    }),
  };
}
