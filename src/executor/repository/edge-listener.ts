import { NONE } from '../../policy/contract.js';
import { Kind } from '../log/happening.js';
import type { EdgeListener } from './edge.js';

/** Makes happenings of what an edge says, for the only site that is served. */
export function edgeListener(tell: (kind: number, subject: number, value: number) => void): EdgeListener {
  return {
    pulled: (model, whole) => tell(Kind.pulled, model, whole ? 1 : 0),
    described: (model, sizeMiB, accuracy) => {
      if (accuracy !== undefined) tell(Kind.graded, model, accuracy);
      tell(Kind.described, model, sizeMiB);
    },
    published: (model, version) => tell(Kind.published, model, version),
    managerLost: (isLost) => tell(Kind.managerLost, NONE, isLost ? 1 : 0),
  };
}
