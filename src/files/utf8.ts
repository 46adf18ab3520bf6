/** Bytes as UTF-8 text, strictly: nothing is replaced, and the first byte that is wrong is named. */

import { isUtf8 } from 'node:buffer';
import { BimixError } from '../errors/index.ts';

/** Bytes decoded at a time in search of the one that is wrong. */
const STRETCH = 67_108_864;

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes a text file, or a stretch of one that begins and ends between characters. A byte order mark that begins the file is
 * left out.
 *
 * @param offset where the stretch begins in the file, in bytes
 * @throws BimixError `invalid-text` with the byte when the content is binary (a zero byte) or not UTF-8
 */
export function decodeText(path: string, content: Uint8Array, offset = 0): string {
  const nul = content.indexOf(0);
  if (nul >= 0) {
    throw new BimixError('invalid-text', `invalid text file ${path}: it holds binary data (a zero byte)`, {
      where: { file: path, byte: offset + nul },
    });
  }
  const text = decodeUtf8(path, content, offset);
  return offset === 0 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * Checks that content is text, without turning it into a string.
 *
 * @throws BimixError as `decodeText`
 */
export function requireText(path: string, content: Uint8Array): void {
  if (!content.includes(0) && isUtf8(content)) return;
  // Stretch by stretch, for the place of the trouble: at any size, one string would be too long.
  const ends = [];
  for (let end = 0; end < content.length; ends.push(end)) {
    const feed = content.indexOf(0x0a, end + STRETCH);
    end = feed < 0 ? content.length : feed + 1;
  }
  ends.reduce((start, end) => {
    decodeText(path, content.subarray(start, end), start);
    return end;
  }, 0);
}

/**
 * Decodes a value that says its length, so that it may hold any character.
 *
 * @param offset where it begins in the file, in bytes
 * @throws BimixError `invalid-text` with the byte when it is not UTF-8
 */
export function decodeUtf8(path: string, content: Uint8Array, offset: number): string {
  try {
    return STRICT.decode(content);
  } catch (cause) {
    throw new BimixError('invalid-text', `invalid text file ${path}: it is not UTF-8`, {
      hint: 'Save it as UTF-8.',
      where: { file: path, byte: offset + firstInvalidByte(content) },
      cause,
    });
  }
}

/** Bisects for the longest prefix that decodes, without the bytes of an unfinished character. */
function firstInvalidByte(content: Uint8Array): number {
  const decoded = (length: number) =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content.subarray(0, length), { stream: true });
  let good = 0;
  let bad = content.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      decoded(middle);
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return new TextEncoder().encode(decoded(good)).length;
}
