import { defineModel } from '../contract.js';

export default defineModel({
  name: 'alexnet',
  about: 'Five convolutions and three very large dense layers: few operations, many weights.',
  source: 'Krizhevsky 2014, arXiv:1404.5997; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 63,
  parameters: 61_100_840,
  billionMultiplyAdds: 0.71,
  connect(b, image, classes) {
    const conv = (x: typeof image, filters: number, kernel: number) => b.activate(b.conv(x, filters, kernel, { bias: true }), 'relu');
    let x = b.activate(b.conv(b.pad(image, 2), 64, 11, { stride: 4, pad: 'valid', bias: true }), 'relu');
    x = b.maxPool(x, 3, 2);
    x = b.maxPool(conv(x, 192, 5), 3, 2);
    x = conv(conv(conv(x, 384, 3), 256, 3), 256, 3);
    x = b.flatten(b.averagePoolTo(b.maxPool(x, 3, 2), 6));
    x = b.dense(b.dropout(x, 0.5), 4096, 'relu');
    return b.dense(b.dense(b.dropout(x, 0.5), 4096, 'relu'), classes, 'softmax');
  },
});
