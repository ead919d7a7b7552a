import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import { drifts } from '../learning/drifts.js';
import type { DecisionKind, PolicyDefinition } from '../policy/contract.js';
import { MODULE_PATH } from '../policy/load.js';
import { policies } from '../policy/policies.js';
import type { TraceFormat } from '../trace/format.js';
import { defaultFormat, formats } from '../trace/formats.js';
import { transforms } from '../trace/transforms.js';
import { generators } from '../trace/generators.js';

/** One branch of a union of objects: the options of one entry of a map, told apart by the field `key`. */
function choice(key: string, { name, about, options }: { name: string; about: string; options: object }, fallback?: string): TSchema {
  const { properties = {} } = options as Partial<TObject>;
  const told = Type.Literal(name, name === fallback ? { default: name } : {});
  return Type.Object({ [key]: told, ...properties }, { additionalProperties: false, description: about });
}

const modulePath = (about: string) => Type.String({ pattern: MODULE_PATH, description: about, examples: ['./mine.mjs'] });

/** A policy by name, by name with its options, or a file of the user's own. */
export function policyChoice(kind: DecisionKind, description: string): TSchema {
  const known = Object.values<PolicyDefinition>(policies[kind]);
  const own = modulePath('a file of your own such as ./mine.mjs');
  return Type.Union(
    [
      ...known.map((policy) => Type.Literal(policy.name, { description: policy.about })),
      own,
      ...known.map((policy) => choice('policy', policy)),
      Type.Object({ policy: own }, { additionalProperties: true, description: 'a policy of your own; the other fields are its options' }),
    ],
    { description },
  );
}

/** A kind of drift with its options. */
export const driftChoice = Type.Union(
  Object.values(drifts).map((drift) => choice('kind', drift)),
  { description: 'how the world moves away from what the model saw: an assumption of the scenario, not a measurement' },
);

/** An arrival process with its options. */
export const arrivalsChoice = Type.Union(
  Object.values(generators).map((generator) => choice('process', generator)),
  { description: 'requests come by themselves, from a generator' },
);

/** Fields that any trace may have beside those of its format. */
const changes = Object.fromEntries(Object.values(transforms).map(({ name, option }) => [name, Type.Optional(option as TSchema)]));

/** A recorded stream of requests, by its format with its options. */
export const traceChoice = Type.Union(
  Object.values<TraceFormat>(formats).map(({ options, ...format }) =>
    choice('format', { ...format, options: { ...options, properties: { ...(options as TObject).properties, ...changes } } }, defaultFormat),
  ),
  { description: 'a recorded stream of requests, replayed as it was' },
);
