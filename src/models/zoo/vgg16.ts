import { defineModel } from '../contract.js';

/** Channels of the convolutions between poolings. */
const STAGES = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

export default defineModel({
  name: 'vgg16',
  about: 'Thirteen convolutions of 3 × 3 and three dense layers: the heaviest of the classics.',
  source: 'Simonyan and Zisserman 2015, arXiv:1409.1556; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 138_357_544,
  billionMultiplyAdds: 15.47,
  connect(b, image, classes) {
    let x = image;
    for (const stage of STAGES) {
      for (const filters of stage) x = b.activate(b.conv(x, filters, 3, { bias: true }), 'relu');
      x = b.maxPool(x, 2, 2);
    }
    x = b.dense(b.flatten(b.averagePoolTo(x, 7)), 4096, 'relu');
    x = b.dense(b.dropout(x, 0.5), 4096, 'relu');
    return b.dense(b.dropout(x, 0.5), classes, 'softmax');
  },
});
