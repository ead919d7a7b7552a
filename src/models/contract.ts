import type * as tfl from '@tensorflow/tfjs-layers';
import type { Blocks } from './blocks.js';

/** TensorFlow.js's layers, handed in by whoever opened a backend: the zoo builds with the copy that the backend uses. */
export type Layers = typeof tfl;

export interface BuildOptions {
  /** Height and width of the square input, pixels. */
  inputSize: number;
  /** Number of classes, at least 2. */
  classes: number;
}

/** One model of the zoo. Its input is [batch, inputSize, inputSize, 3], its output [batch, classes], probabilities. */
export interface ZooModel {
  name: string;
  /** What it is known for, in one sentence. */
  about: string;
  /** The paper, and the implementation whose parameters are counted. */
  source: string;
  /** The input size at which its authors report it, pixels. */
  inputSize: number;
  /** The smallest input size that leaves something to look at in its last layer. */
  smallestInput: number;
  /** Published number of trainable parameters at 1,000 classes. */
  parameters: number;
  /** Published multiply-adds of one image at `inputSize` and 1,000 classes, in billions, as rounded there. */
  billionMultiplyAdds: number;
  /** Connects the layers from the input to the last feature map or vector before the classifier, and the classifier. */
  connect(blocks: Blocks, image: tfl.SymbolicTensor, classes: number): tfl.SymbolicTensor;
}

/** Types a model; adds nothing at run time. */
export function defineModel(model: ZooModel): ZooModel {
  return model;
}
