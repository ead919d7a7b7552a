import { InputError } from '../../input/error.js';

/** One wheel's file name, taken apart (PEP 427): name-version(-build)?-python-abi-platform.whl. */
export interface WheelName {
  /** In lower case, with hyphens, as on PyPI. */
  name: string;
  version: string;
}

export function wheelName(file: string): WheelName | undefined {
  const parts = /^(?<name>[^-]+)-(?<version>[^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(file)?.groups;
  return parts && { name: parts.name.replace(/[-_.]+/g, '-').toLowerCase(), version: parts.version };
}

/** The extra of TensorFlow that names NVIDIA's libraries. */
const CUDA = /\bextra\s*==\s*(["'])and-cuda\1/;

/**
 * The packages with CUDA's libraries that a TensorFlow wheel asks for in its extra `and-cuda`, as pip takes them:
 * `nvidia-cudnn-cu12<10.0,>=9.3.0.75`.
 *
 * @param metadata the wheel's METADATA (core metadata, one `Requires-Dist: requirement; marker` a line)
 * @throws InputError when it names none, as before 2.14 and in wheels without CUDA
 */
export function cudaRequirements(metadata: string, wheel: string): string[] {
  const requirements: string[] = [];
  for (const line of metadata.split(/\r?\n/)) {
    if (line === '') break; // The description follows.
    const [, requirement, marker] = /^Requires-Dist:\s*([^;]+?)\s*;\s*(.+)$/i.exec(line) ?? [];
    if (marker !== undefined && CUDA.test(marker) && /^nvidia-/i.test(requirement)) requirements.push(requirement.replace(/[\s()]/g, ''));
  }
  if (requirements.length === 0) throw new InputError(`setup tensorflow: ${wheel} names no CUDA libraries (its extra and-cuda is absent or empty); take --version 2.16.1 or later`);
  return requirements;
}
