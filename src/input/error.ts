/**
 * A mistake in what the user gave us: it ends the program with exit code 2 and this message, without a stack trace.
 * The message names the file, the place inside it, what was found, and what would be right.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
