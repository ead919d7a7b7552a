import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import type { DecisionKind } from '../policy/contract.js';
import { MODULE_PATH } from '../policy/load.js';
import { policies } from '../policy/policies.js';
import { generators } from '../trace/generators.js';

/** One branch of a union of objects: the options of one entry of a map, told apart by the field `key`. */
function choice(key: string, name: string, about: string, options: TSchema): TSchema {
  const { properties = {} } = options as Partial<TObject>;
  return Type.Object({ [key]: Type.Literal(name), ...properties }, { additionalProperties: false, description: about });
}

const modulePath = (about: string) => Type.String({ pattern: MODULE_PATH, description: about, examples: ['./mine.mjs'] });

/** A policy by name, by name with its options, or a file of the user's own. */
export function policyChoice(kind: DecisionKind, description: string): TSchema {
  const known = Object.values(policies[kind]);
  const own = modulePath('a file of your own such as ./mine.mjs');
  return Type.Union(
    [
      ...known.map((policy) => Type.Literal(policy.name, { description: policy.about })),
      own,
      ...known.map((policy) => choice('policy', policy.name, policy.about, policy.options as TSchema)),
      Type.Object({ policy: own }, { additionalProperties: true, description: 'a policy of your own; the other fields are its options' }),
    ],
    { description },
  );
}

/** An arrival process with its options. */
export const arrivalsChoice = Type.Union(
  Object.values(generators).map((generator) => choice('process', generator.name, generator.about, generator.options)),
  { description: 'requests come by themselves, from a generator' },
);
