import { InputError } from '../../input/error.js';
import { inputError } from '../../input/issue.js';
import { didYouMean } from '../../input/nearest.js';
import { validate } from '../../input/validate.js';
import type { Dataset, LabelledImages } from './dataset.js';
import folder from './datasets/folder.js';
import generated from './datasets/generated.js';
import idx from './datasets/idx.js';

/** Every kind of labelled images. One file, one line here, one test, one section in docs/retraining.md. */
export const datasets = { folder, idx, generated } satisfies Record<string, Dataset>;

/**
 * Opens labelled images, as a file names them: `{ kind: folder, path: photos, width: 96, height: 96 }`.
 *
 * @param place what the messages call the place that `given` comes from
 * @throws InputError
 */
export async function openImages(given: Readonly<Record<string, unknown>>, place = 'images'): Promise<LabelledImages> {
  const { kind, ...options } = given;
  if (typeof kind !== 'string' || !Object.hasOwn(datasets, kind)) {
    const names = Object.keys(datasets);
    throw new InputError(`${place}: kind: ${kind === undefined ? 'is missing' : `${JSON.stringify(kind)} is no kind of images`}; there are ${names.join(', ')}${didYouMean(String(kind), names)}`);
  }
  const dataset: Dataset = datasets[kind as keyof typeof datasets];
  const { value, issues } = validate(dataset.options, options);
  if (issues.length > 0) throw inputError({ issues, locate: () => ({ label: place, line: 0, column: 0 }) });
  return dataset.open(value);
}
