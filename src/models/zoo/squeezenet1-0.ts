import type { Blocks, Node } from '../blocks.js';
import { defineModel } from '../contract.js';

/** A narrow convolution, then two wide ones beside each other. */
function fire(b: Blocks, x: Node, squeeze: number, expand: number): Node {
  const conv = (y: Node, filters: number, kernel: number) => b.activate(b.conv(y, filters, kernel, { bias: true }), 'relu');
  const narrow = conv(x, squeeze, 1);
  return b.concat([conv(narrow, expand, 1), conv(narrow, expand, 3)]);
}

export default defineModel({
  name: 'squeezenet1_0',
  about: "AlexNet's accuracy with a fiftieth of its weights.",
  source: 'Iandola et al. 2016, arXiv:1602.07360; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 1_248_424,
  billionMultiplyAdds: 0.82,
  connect(b, image, classes) {
    let x = b.activate(b.conv(image, 96, 7, { stride: 2, pad: 'valid', bias: true }), 'relu');
    x = b.maxPool(x, 3, 2, 'ceil');
    for (const [squeeze, expand] of [[16, 64], [16, 64], [32, 128]]) x = fire(b, x, squeeze, expand);
    x = b.maxPool(x, 3, 2, 'ceil');
    for (const [squeeze, expand] of [[32, 128], [48, 192], [48, 192], [64, 256]]) x = fire(b, x, squeeze, expand);
    x = fire(b, b.maxPool(x, 3, 2, 'ceil'), 64, 256);
    x = b.activate(b.conv(b.dropout(x, 0.5), classes, 1, { bias: true }), 'relu');
    return b.softmax(b.globalAverage(x));
  },
});
