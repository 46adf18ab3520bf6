/**
 * Texts compared by the runs of 32 bytes they share, in any language and any notation: the windows of a text are all its
 * runs of that length, of which those whose hash is a multiple of 8 stand for the rest.
 */

/** Bytes of a window: about six English words. */
export const WINDOW = 32;

/** One window of this many is read. */
const SAMPLED = 8;

const BASE = 0x01000193;

/** Weight of the byte that leaves the window. */
const LEAVING = Array.from({ length: WINDOW }).reduce<number>(power => Math.imul(power, BASE), 1);

/** UTF-8 of a text with runs of white space as one blank, none at the ends, and A to Z in lower case. */
export function normalizedBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (const byte of bytes) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) {
      if (length > 0 && bytes[length - 1] !== 0x20) bytes[length++] = 0x20;
    } else {
      bytes[length++] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    }
  }
  return bytes.subarray(0, length > 0 && bytes[length - 1] === 0x20 ? length - 1 : length);
}

/** Hashes of the sampled windows of a text, each once. */
export function windowsOf(bytes: Uint8Array): ReadonlySet<number> {
  const windows = new Set<number>();
  let rolling = 0;
  for (let end = 0; end < bytes.length; end++) {
    rolling = (Math.imul(rolling, BASE) + bytes[end]) | 0;
    if (end >= WINDOW) rolling = (rolling - Math.imul(LEAVING, bytes[end - WINDOW])) | 0;
    if (end < WINDOW - 1) continue;
    const hash = mixed(rolling);
    if (hash % SAMPLED === 0) windows.add(hash);
  }
  return windows;
}

/** Share of a text's windows that were seen, from 0 to 1; 0 for a text without any. */
export function shareSeen(windows: ReadonlySet<number>, seen: ReadonlySet<number>): number {
  let count = 0;
  for (const window of windows) if (seen.has(window)) count++;
  return windows.size === 0 ? 0 : count / windows.size;
}

/** Spreads a polynomial's value over all bits (the finalizer of MurmurHash3); not negative. */
function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
