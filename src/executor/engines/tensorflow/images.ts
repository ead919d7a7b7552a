/**
 * Puts images into one batch.
 *
 * @param images each of `length` float32 values (little-endian) or of `length` bytes, 0 to 255, which stand for 0 to 1; an image
 *   may begin at any byte
 * @returns [images, length] float32, one after the other
 * @throws RangeError if an image has another length
 */
export function batchOf(images: readonly Uint8Array[], length: number): Float32Array {
  const batch = new Float32Array(images.length * length);
  const bytes = new Uint8Array(batch.buffer);
  images.forEach((image, i) => {
    if (image.length === 4 * length) bytes.set(image, 4 * i * length);
    else if (image.length === length) for (let k = 0; k < length; k++) batch[i * length + k] = image[k] / 255;
    else throw new RangeError(`an image has ${image.length} bytes; ${length} or ${4 * length} are needed`);
  });
  return batch;
}
