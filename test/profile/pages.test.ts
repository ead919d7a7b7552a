import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { contentionModels } from '../../src/contention/models.js';
import { checkProfile, parseProfile } from '../../src/profile/load.js';
import { InferenceSchema, ProfileSchema, TrainingSchema } from '../../src/profile/schema.js';

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const examples = (page: string): string[] => [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]);

/** The values of every `profile` field in a fragment of a scenario. */
function profilesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'profile' && typeof inner === 'object' ? [inner] : profilesIn(inner)));
}

const page = read('profiles.md');

it('the profile written by hand on the page is valid', () => {
  const byHand = examples(page).find((text) => text.startsWith('schema: corun/profile@1'))!;
  expect(parseProfile(byHand, 'profiles.md').name).toBe('my-gpu');
});

it('the inline profiles on the page are valid', () => {
  const inline = examples(page).flatMap((text) => profilesIn(parse(text)));
  expect(inline).toHaveLength(2);
  for (const profile of inline) expect(checkProfile(profile, [], 'inline').issues).toEqual([]);
});

it('the page names every field', () => {
  const fields = [ProfileSchema, ProfileSchema.properties.accelerator, InferenceSchema, TrainingSchema].flatMap((schema) => Object.keys(schema.properties));
  expect(fields.filter((field) => !['name', 'about'].includes(field) && !page.includes(field))).toEqual([]);
});

it.each(Object.keys(contentionModels))('the example on the page of contention model %s is valid in a profile', (name) => {
  const [example] = examples(read(`contention/${name}.md`));
  const profile = { models: { resnet50: { solo_ms: 1 } }, training: { resnet50: { batch: 16, epoch_s: 226 } }, ...parse(example) };
  expect(profile.contention.model).toBe(name);
  expect(checkProfile(profile, [], 'example').issues).toEqual([]);
});
