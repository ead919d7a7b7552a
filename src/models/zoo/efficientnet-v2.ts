import { channels, type Blocks, type Node } from '../blocks.js';
import { defineModel, type ZooModel } from '../contract.js';
import { BRANCH_SCALE, classify, convNorm } from '../convolutions.js';
import { invertedResidual } from '../inverted-residual.js';

const activation = 'swish';
const epsilon = 1e-3;

type Stage = readonly [kind: 'fused' | 'separable', expansion: number, stride: number, out: number, repeats: number];

/** The first two convolutions of an inverted residual as one. */
function fused(b: Blocks, x: Node, expansion: number, stride: number, out: number): Node {
  const keepsShape = stride === 1 && channels(x) === out;
  const scale = keepsShape ? BRANCH_SCALE : 1;
  const y =
    expansion === 1
      ? convNorm(b, x, out, 3, { stride, activation, epsilon, scale })
      : convNorm(b, convNorm(b, x, expansion * channels(x), 3, { stride, activation, epsilon }), out, 1, { activation: 'none', epsilon, scale });
  return keepsShape ? b.add(y, x) : y;
}

function block(b: Blocks, x: Node, kind: Stage[0], expansion: number, stride: number, out: number): Node {
  if (kind === 'fused') return fused(b, x, expansion, stride, out);
  const squeeze = { channels: Math.max(1, Math.floor(channels(x) / 4)), activation, gate: 'sigmoid' } as const;
  return invertedResidual(b, x, { kernel: 3, stride, expanded: expansion * channels(x), out, activation, squeeze, epsilon });
}

interface Size extends Pick<ZooModel, 'name' | 'about' | 'inputSize' | 'parameters' | 'billionMultiplyAdds'> {
  stem: number;
  stages: readonly Stage[];
  dropout: number;
}

const ofSize = ({ stem, stages, dropout, ...rest }: Size): ZooModel =>
  defineModel({
    ...rest,
    source: 'Tan and Le 2021, arXiv:2104.00298; parameters as in torchvision.',
    smallestInput: 32,
    connect(b, image, classes) {
      let x = convNorm(b, image, stem, 3, { stride: 2, activation, epsilon });
      for (const [kind, expansion, stride, out, repeats] of stages) for (let i = 0; i < repeats; i++) x = block(b, x, kind, expansion, i === 0 ? stride : 1, out);
      return classify(b, convNorm(b, x, 1280, 1, { activation, epsilon }), classes, dropout);
    },
  });

export const efficientnetV2Small = ofSize({
  name: 'efficientnet_v2_s',
  about: 'Fused blocks first, separable ones after: the small one.',
  inputSize: 384,
  parameters: 21_458_488,
  billionMultiplyAdds: 8.37,
  stem: 24,
  stages: [['fused', 1, 1, 24, 2], ['fused', 4, 2, 48, 4], ['fused', 4, 2, 64, 4], ['separable', 4, 2, 128, 6], ['separable', 6, 1, 160, 9], ['separable', 6, 2, 256, 15]],
  dropout: 0.2,
});

export const efficientnetV2Large = ofSize({
  name: 'efficientnet_v2_l',
  about: 'Fused blocks first, separable ones after: the large one, the most accurate and the heaviest here.',
  inputSize: 480,
  parameters: 118_515_272,
  billionMultiplyAdds: 56.08,
  stem: 32,
  stages: [['fused', 1, 1, 32, 4], ['fused', 4, 2, 64, 7], ['fused', 4, 2, 96, 7], ['separable', 4, 2, 192, 10], ['separable', 6, 1, 224, 19], ['separable', 6, 2, 384, 25], ['separable', 6, 1, 640, 7]],
  dropout: 0.4,
});
