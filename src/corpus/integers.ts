/** Arrays of little-endian integers of index files. */

/** Unsigned 64-bit integers as numbers; exact below 2^53, where every true position is. */
export function uint64s(bytes: Buffer): Float64Array {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const values = new Float64Array(words.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = words[2 * i] + words[2 * i + 1] * 4_294_967_296;
  return values;
}

export function int32s(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
