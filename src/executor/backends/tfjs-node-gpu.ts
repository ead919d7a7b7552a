import { defineNative } from './native.js';

export default defineNative({
  name: 'tfjs-node-gpu',
  about: "TensorFlow's own library on an NVIDIA GPU, through CUDA.",
  gpu: true,
  packages: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
  install: 'run: corun setup tensorflow --gpu',
});
