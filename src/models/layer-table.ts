import type * as tfl from '@tensorflow/tfjs-layers';

/** One layer of a built model, for one image. */
export interface LayerRow {
  name: string;
  /** The layer's class: Conv2D, BatchNormalization, … */
  kind: string;
  /** Names of the layers whose outputs it reads. */
  inputs: string[];
  /** Of its output, without the batch: [height, width, channels], or [features]. */
  shape: number[];
  /** Size of its output as float32, bytes: what crosses the network if the model is cut behind it. */
  outputBytes: number;
  /** Trainable ones. */
  parameters: number;
  /** Multiply-adds of convolutions and dense layers; 0 for the others. */
  multiplyAdds: number;
  /** Whether its output is all that later layers need, so that the model can be cut here. */
  canCut: boolean;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const withoutBatch = (shape: unknown): number[] => (shape as (number | null)[]).slice(1) as number[];
const nodesOf = (layer: tfl.layers.Layer) => (layer as unknown as { inboundNodes: { inboundLayers: tfl.layers.Layer[] }[] }).inboundNodes;

/** Multiply-adds of one image: each value of a kernel is used once for each place of the output. */
function multiplyAddsOf(layer: tfl.layers.Layer, shape: readonly number[]): number {
  const kernel = layer.trainableWeights.find(({ originalName }) => /kernel/.test(originalName));
  if (kernel === undefined) return 0;
  return product(kernel.shape as number[]) * (shape.length === 3 ? shape[0] * shape[1] : 1);
}

/** The layers of a model in the order in which they are computed. */
export function layerTable(model: tfl.LayersModel): LayerRow[] {
  const place = new Map(model.layers.map((layer, i) => [layer.name, i]));
  const inputsOf = model.layers.map((layer) => nodesOf(layer).flatMap(({ inboundLayers }) => inboundLayers.map(({ name }) => name)));
  const lastReader = model.layers.map((_layer, i) => i);
  inputsOf.forEach((inputs, reader) => inputs.forEach((name) => (lastReader[place.get(name)!] = Math.max(lastReader[place.get(name)!], reader))));
  let stillRead = 0;
  return model.layers.map((layer, i) => {
    const shape = withoutBatch(layer.outputShape);
    const canCut = stillRead <= i;
    stillRead = Math.max(stillRead, lastReader[i]);
    return {
      name: layer.name,
      kind: layer.getClassName(),
      inputs: inputsOf[i],
      shape,
      outputBytes: 4 * product(shape),
      parameters: layer.trainableWeights.reduce((sum, weight) => sum + product(weight.shape as number[]), 0),
      multiplyAdds: multiplyAddsOf(layer, shape),
      canCut,
    };
  });
}
