import { type Static, type TSchema } from '@sinclair/typebox';

/** Images with labels, all of one size. Reading them is work, so it is asked for: the loader is a stage with its own time. */
export interface LabelledImages {
  /** Names of the classes; a label is an index into them. */
  classes: readonly string[];
  width: number;
  height: number;
  /** 1 is grey, 3 is red, green, blue. */
  channels: 1 | 3;
  /** The label of each image; as many as there are images. */
  labels: Uint16Array;
  /** What each image is called, the same also when others come or go; without it an image is known by its place. */
  names?: readonly string[];
  /**
   * Writes images into a batch of shape [indices.length, height, width, channels], values in [0, 1].
   *
   * @param indices which images, from 0; in any order, also repeated
   * @param into at least as long as the batch
   * @throws InputError naming the file, when an image cannot be read
   */
  read(indices: readonly number[], into: Float32Array): Promise<void>;
}

/** A kind of source of labelled images. */
export interface Dataset<Options extends TSchema = TSchema> {
  name: string;
  /** What it is, in one sentence. */
  about: string;
  options: Options;
  /**
   * Opens it; looks at all that can be wrong without decoding every image.
   *
   * @throws InputError
   */
  open(options: Static<Options>): Promise<LabelledImages>;
}

/** Types a dataset; adds nothing at run time. */
export function defineDataset<Options extends TSchema>(dataset: Dataset<Options>): Dataset<Options> {
  return dataset;
}

/** Floats of one image. */
export const floatsOf = ({ width, height, channels }: Pick<LabelledImages, 'width' | 'height' | 'channels'>): number => width * height * channels;
