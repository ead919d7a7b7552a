import { defineModel } from '../contract.js';
import { convNorm } from '../convolutions.js';
import { invertedResidual, toMultipleOf8 } from '../inverted-residual.js';

const epsilon = 1e-3;

interface Row {
  kernel: number;
  expanded: number;
  out: number;
  stride: number;
  squeezes: boolean;
  activation: 'relu' | 'hard-swish';
}

const row = (kernel: number, expanded: number, out: number, stride: number, squeezes: boolean, activation: Row['activation']): Row => ({ kernel, expanded, out, stride, squeezes, activation });

const ROWS: readonly Row[] = [
  row(3, 16, 16, 2, true, 'relu'),
  row(3, 72, 24, 2, false, 'relu'),
  row(3, 88, 24, 1, false, 'relu'),
  row(5, 96, 40, 2, true, 'hard-swish'),
  row(5, 240, 40, 1, true, 'hard-swish'),
  row(5, 240, 40, 1, true, 'hard-swish'),
  row(5, 120, 48, 1, true, 'hard-swish'),
  row(5, 144, 48, 1, true, 'hard-swish'),
  row(5, 288, 96, 2, true, 'hard-swish'),
  row(5, 576, 96, 1, true, 'hard-swish'),
  row(5, 576, 96, 1, true, 'hard-swish'),
];

export default defineModel({
  name: 'mobilenet_v3_small',
  about: 'Found by search for phones: squeeze-and-excitation and hard swish.',
  source: 'Howard et al. 2019, arXiv:1905.02244; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 2_542_856,
  billionMultiplyAdds: 0.056,
  connect(b, image, classes) {
    let x = convNorm(b, image, 16, 3, { stride: 2, activation: 'hard-swish', epsilon });
    for (const { squeezes, ...rest } of ROWS) {
      const squeeze = { channels: toMultipleOf8(rest.expanded / 4), activation: 'relu', gate: 'hard-sigmoid' } as const;
      x = invertedResidual(b, x, { ...rest, epsilon, squeeze: squeezes ? squeeze : undefined });
    }
    x = b.globalAverage(convNorm(b, x, 576, 1, { activation: 'hard-swish', epsilon }));
    return b.dense(b.dropout(b.activate(b.dense(x, 1024), 'hard-swish'), 0.2), classes, 'softmax');
  },
});
