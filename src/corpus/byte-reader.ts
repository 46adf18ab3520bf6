/** A stream of chunks read by counts of bytes, for formats whose fields say how long the next one is. */

export interface ByteReader {
  /** Bytes taken so far. */
  position(): number;
  /** The next `length` bytes, fewer only where the stream ends. They stay valid; they must not be written to. */
  take(length: number): Promise<Uint8Array>;
  /** Passes over bytes without holding them; says how many there were. */
  skip(length: number): Promise<number>;
}

export function byteReader(chunks: AsyncIterator<Uint8Array>): ByteReader {
  let chunk: Uint8Array = new Uint8Array(0);
  let position = 0;

  /** Up to `length` bytes of the current chunk; none only at the end. */
  async function next(length: number): Promise<Uint8Array> {
    while (chunk.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return new Uint8Array(0);
      chunk = value;
    }
    const piece = chunk.subarray(0, length);
    chunk = chunk.subarray(piece.length);
    position += piece.length;
    return piece;
  }

  return {
    position: () => position,
    async take(length) {
      if (length === 0) return new Uint8Array(0);
      const first = await next(length);
      if (first.length === length || first.length === 0) return first;
      // A length read from a damaged file may be absurd: grow with what is there.
      const pieces = [first];
      let total = first.length;
      while (total < length) {
        const piece = await next(length - total);
        if (piece.length === 0) break;
        pieces.push(piece);
        total += piece.length;
      }
      return Buffer.concat(pieces, total);
    },
    async skip(length) {
      let skipped = 0;
      while (skipped < length) {
        const piece = await next(length - skipped);
        if (piece.length === 0) break;
        skipped += piece.length;
      }
      return skipped;
    },
  };
}
