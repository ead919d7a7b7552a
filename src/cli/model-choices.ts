import { existsSync } from 'node:fs';
import type { ModelChoice } from '../executor/engines/tensorflow/options.js';
import { InputError } from '../input/error.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';

/** Options that say what the models of a command are. */
export interface ModelArguments {
  source: string[];
  inputSize?: number;
  classes?: number;
}

/** Far more than any model of the zoo is meant for; an image of it is 200 MiB. */
const LARGEST_INPUT = 4096;

/** What the options say of each model. @param names of the models that are served @throws InputError */
export function choicesOf({ source, inputSize, classes }: ModelArguments, names: readonly string[]): Record<string, ModelChoice> {
  if (inputSize !== undefined && !(Number.isInteger(inputSize) && inputSize > 0 && inputSize <= LARGEST_INPUT)) throw new InputError(`--input-size ${inputSize}: a whole number of pixels from 1 to ${LARGEST_INPUT} is needed, for example 224`);
  if (classes !== undefined && !(Number.isInteger(classes) && classes > 1)) throw new InputError(`--classes ${classes}: a whole number from 2 is needed`);
  const places = new Map(
    source.map((text) => {
      const at = text.indexOf('=');
      if (at < 1 || at === text.length - 1) throw new InputError(`--source ${text}: write MODEL=PLACE, for example --source plants=models/plants/model.json`);
      return [text.slice(0, at), asPlace(text.slice(at + 1))];
    }),
  );
  for (const name of places.keys()) if (!names.includes(name)) throw new InputError(`--source ${name}=…: no model that is served is called ${name} (they are ${names.join(', ')})`);
  return Object.fromEntries(names.map((name) => [name, { ...(places.has(name) && { source: places.get(name)! }), ...(inputSize !== undefined && { input_size: inputSize }), ...(classes !== undefined && { classes }) }]));
}

/** Every model that an alternative may answer with. */
export function modelsOf({ scenario }: ResolvedAlternative): string[] {
  return [...new Set(scenario.workload.flatMap(({ stages }) => stages.flatMap(({ model, variants }) => [model, ...(variants ?? []).map((variant) => variant.model)])))];
}

/** A folder beside us is meant as one, although its name alone could be that of a model of the zoo. */
function asPlace(source: string): string {
  return !source.includes('/') && existsSync(source) ? `./${source}` : source;
}
