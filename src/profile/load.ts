import { basename, extname } from 'node:path';
import { parseText, readDocument } from '../input/document.js';
import { inputError, type Issue } from '../input/issue.js';
import type { Path } from '../input/path.js';
import { validate } from '../input/validate.js';
import { consistencyIssues } from './consistency.js';
import { ProfileSchema, type Profile } from './schema.js';

/** A profile that has a name: its own, its accelerator's, or its file's. */
export type NamedProfile = Profile & { name: string };

/**
 * Checks a profile against its schema, and its parts against each other.
 *
 * @param at where it stands in its document
 * @param fallbackName its name if neither it nor its accelerator has one
 */
export function checkProfile(value: unknown, at: Path, fallbackName: string): { profile: NamedProfile; issues: Issue[] } {
  const checked = validate(ProfileSchema, value, at);
  const profile = checked.value as Profile;
  const issues = checked.issues.length > 0 ? checked.issues : consistencyIssues(profile, at);
  if (issues.length > 0) return { profile: { models: {}, name: fallbackName }, issues };
  return { profile: { ...profile, name: profile.name ?? profile.accelerator?.name ?? fallbackName }, issues };
}

/** Reads a profile from a text of which `file` is the name. @throws InputError that names all mistakes with line and column */
export function parseProfile(text: string, file: string): NamedProfile {
  return profileOf(parseText(text, file));
}

/** Reads a profile (JSON or YAML). @throws InputError if it cannot be read, or names all mistakes with line and column */
export async function loadProfile(file: string): Promise<NamedProfile> {
  return profileOf(await readDocument(file, 'profile'));
}

function profileOf(document: ReturnType<typeof parseText>): NamedProfile {
  const { profile, issues } = checkProfile(document.value, [], basename(document.file, extname(document.file)));
  if (issues.length > 0) throw inputError({ issues, locate: document.locate });
  return profile;
}
