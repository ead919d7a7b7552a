const WORD = 2 ** 32;

/**
 * Another uniform draw made from one of 32 bits, the same every time and for all practical purposes independent of it. With it a
 * second attempt at the same thing has luck of its own, without a draw that would move those of others.
 *
 * Source: the finaliser of MurmurHash3 (A. Appleby, public domain), a bijection of 32-bit words.
 *
 * @param u in [0, 1)
 */
export function scrambled(u: number): number {
  let word = Math.floor(u * WORD) ^ 0x9e3779b9;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return ((word ^ (word >>> 16)) >>> 0) / WORD;
}
