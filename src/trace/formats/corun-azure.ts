import { defineFormat } from '../format.js';
import corunAzure from '../generators/corun-azure.js';

const { name, about, source, options } = corunAzure;

/** The stream comes with the program, so it is no file; but it is a recorded trace, and people look for it among the traces. */
export default defineFormat({
  name,
  about,
  source,
  options,
  open: () => corunAzure.create({}, noDraws, Infinity),
});

function noDraws(): never {
  throw new Error('a recorded trace draws nothing');
}
