/**
 * LZ4 blocks (the format's own description, lz4_Block_format.md). hyparquet-compressors refuses a block whose last sequence
 * has no literal, as polars and Arrow write them, and can run for ever in Hadoop's frames.
 */

/** Exactly `size` bytes, or undefined when the block is damaged or holds another number of them. */
export function decodeLz4Block(block: Uint8Array, size: number): Uint8Array | undefined {
  const output = new Uint8Array(size);
  let at = 0;
  let filled = 0;
  /** A length of 15 goes on in further bytes, until one is below 255. */
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      byte = block[at++] ?? Number.NaN;
      length += byte;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = lengthFrom(token >> 4);
    if (!(at + literals <= block.length && filled + literals <= size)) return undefined;
    output.set(block.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at === block.length) break;
    if (at + 2 > block.length) return undefined;
    const offset = block[at] + block[at + 1] * 256;
    at += 2;
    const match = lengthFrom(token & 15) + 4;
    if (offset === 0 || offset > filled || !(filled + match <= size)) return undefined;
    // One byte after the other: a match may overlap what it writes.
    for (const end = filled + match; filled < end; filled++) output[filled] = output[filled - offset];
  }
  return filled === size ? output : undefined;
}

/** The same of LZ4 blocks in Hadoop's frames (two big-endian sizes before each), or of one bare block. */
export function decodeHadoopLz4(bytes: Uint8Array, size: number): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Uint8Array[] = [];
  let left = size;
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) return decodeLz4Block(bytes, size);
    const [from, to, held] = [at + 8, at + 8 + view.getUint32(at + 4), view.getUint32(at)];
    if (to > bytes.length || held > left) return decodeLz4Block(bytes, size);
    const block = decodeLz4Block(bytes.subarray(from, to), held);
    if (block === undefined) return decodeLz4Block(bytes, size);
    blocks.push(block);
    left -= held;
    at = to;
  }
  return left === 0 ? Buffer.concat(blocks) : decodeLz4Block(bytes, size);
}
