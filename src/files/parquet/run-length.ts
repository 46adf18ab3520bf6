/**
 * Parquet's hybrid of run-length and bit-packed integers, decoded strictly: hyparquet follows the lengths in the bytes
 * without comparing them with the number of values, so a damaged length makes it run for ever.
 */

/** The integers, or undefined when the bytes do not hold exactly `count` of them. */
export function decodeRunLengths(bytes: Uint8Array, width: number, count: number): Uint32Array | undefined {
  if (width > 32) return undefined;
  const values = new Uint32Array(count);
  const valueBytes = Math.ceil(width / 8);
  let at = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 28) return undefined;
      const byte = bytes[at++];
      header += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const length = Math.floor(header / 2);
    if (header % 2 === 0) {
      if (length > count - filled || at + valueBytes > bytes.length) return undefined;
      let value = 0;
      for (let i = 0; i < valueBytes; i++) value += bytes[at++] * 256 ** i;
      if (value >= 2 ** width) return undefined;
      values.fill(value, filled, filled + length);
      filled += length;
    } else {
      // Groups of eight values; only the last group may hold values beyond the count.
      if (length * 8 >= count - filled + 8 || at + length * width > bytes.length) return undefined;
      const taken = Math.min(length * 8, count - filled);
      unpack(bytes, at, width, values.subarray(filled, filled + taken));
      filled += taken;
      at += length * width;
    }
  }
  return values;
}

function unpack(bytes: Uint8Array, start: number, width: number, values: Uint32Array): void {
  let at = start;
  let held = 0;
  let bits = 0;
  if (width > 24) {
    // Too wide for 32-bit shifts.
    const divisor = 2 ** width;
    for (let i = 0; i < values.length; i++) {
      for (; bits < width; bits += 8) held += bytes[at++] * 2 ** bits;
      values[i] = held % divisor;
      held = Math.floor(held / divisor);
      bits -= width;
    }
    return;
  }
  const mask = (1 << width) - 1;
  for (let i = 0; i < values.length; i++) {
    for (; bits < width; bits += 8) held |= bytes[at++] << bits;
    values[i] = held & mask;
    held >>>= width;
    bits -= width;
  }
}
