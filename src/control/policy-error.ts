import { InputError } from '../input/error.js';

/** A policy broke its contract: the message says which command was wrong and why. */
export class PolicyError extends InputError {
  constructor(decision: string, message: string) {
    super(`the ${decision} policy ${message}`);
  }
}
