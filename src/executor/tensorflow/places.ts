import { join } from 'node:path';

/** Where what lies in the folder of one setup. */
export interface Places {
  root: string;
  /** Downloaded wheels, until they are unpacked. */
  wheels: string;
  /** As Python's site-packages: TensorFlow's libraries look for CUDA's in ../nvidia/…/lib from their own folder. */
  site: string;
  /** Sources of the binding, and what node-gyp makes of them. */
  build: string;
  /** The package whose binding is built. */
  tfjsNode: string;
  /** The binding, where the package looks for it. */
  binding: string;
  record: string;
}

/**
 * The version of Node-API that the binding is built for, and looked for by tfjs-node 4.22 on every Node since 12.22. It
 * is the reason why one build serves Node 20, 22 and 24.
 */
export const NODE_API = 8;

export function placesIn(root: string): Places {
  const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  return {
    root,
    wheels: join(root, 'wheels'),
    site: join(root, 'site'),
    build: join(root, 'build'),
    tfjsNode,
    binding: join(tfjsNode, 'lib', `napi-v${NODE_API}`, 'tfjs_binding.node'),
    record: join(root, 'setup.json'),
  };
}
