import type { System } from '../../control/system.js';
import type { ModelChoice } from '../../executor/engines/tensorflow/options.js';
import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { zoo } from '../../models/zoo.js';

type Choices = Readonly<Record<string, ModelChoice>>;

/** Reads `--model NAME` and `--model NAME=N`. @returns worker processes by name @throws InputError */
export function servedModels(texts: readonly string[]): Record<string, number> {
  const each = texts.map((text) => {
    const [name, count = '1', ...rest] = text.split('=');
    if (name === '' || rest.length > 0 || !/^[1-9]\d*$/.test(count)) throw new InputError(`--model ${text}: write a name, or NAME=N with a whole number of worker processes, for example mobilenet_v3_small=2`);
    return { name, copies: Number(count) };
  });
  const twice = each.find(({ name }, i) => each.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) throw new InputError(`--model ${twice.name} is given twice; for more worker processes write --model ${twice.name}=2`);
  return Object.fromEntries(each.map(({ name, copies }) => [name, copies]));
}

/** @throws InputError for the first that cannot be opened */
export function refuseModelNames(names: readonly string[], models: Choices): void {
  for (const name of names) inputSizeOf(name, choiceOf(name, models));
}

const choiceOf = (model: string, models: Choices): ModelChoice => (Object.hasOwn(models, model) ? models[model] : {});

/** Every model can be opened, and the variants of an app take the same images, since a client does not know which one will answer. */
export function refuseModels({ apps }: System, models: Choices): void {
  for (const { name, stages } of apps) {
    const [{ model: first, variants }] = stages;
    const sizes = (variants ?? [{ model: first }]).map(({ model }) => ({ model, size: inputSizeOf(model, choiceOf(model, models)) }));
    const other = sizes.find(({ size }) => size !== undefined && sizes[0].size !== undefined && size !== sizes[0].size);
    if (other !== undefined)
      throw new InputError(`app ${name}: its variants take different images, ${sizes[0].model} ${sizes[0].size} pixels and ${other.model} ${other.size}; serve them at one size with --input-size ${sizes[0].size}`);
  }
}

/** Pixels; undefined for a user's own model, which tells when it is loaded. @throws InputError if the zoo has no such model */
function inputSizeOf(model: string, { source = model, input_size }: ModelChoice): number | undefined {
  if (/[/\\]|\.json$/i.test(source)) return input_size;
  const names = Object.keys(zoo);
  if (!names.includes(source))
    throw new InputError(`no model is called ${JSON.stringify(source)}${didYouMean(source, names)}\nAllowed: ${names.join(', ')}; or say where a model of your own lies: --source ${model}=PATH/model.json`);
  const { inputSize, smallestInput } = zoo[source];
  if (input_size !== undefined && input_size < smallestInput) throw new InputError(`${source} needs images of at least ${smallestInput} pixels, not ${input_size}`);
  return input_size ?? inputSize;
}
