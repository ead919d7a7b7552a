import { defineNative } from './native.js';

export default defineNative({
  name: 'tfjs-node',
  about: "TensorFlow's own library on all cores of the CPU.",
  gpu: false,
  packages: ['@tensorflow/tfjs-node'],
  install: 'run: corun setup tensorflow',
});
