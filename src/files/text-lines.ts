/** The lines of a text, for formats that are read line by line. */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from './input-file.ts';
import { decodeText } from './utf8.ts';

/** Longest line read, in characters: room for ten thousand domains. */
export const MAX_LINE_LENGTH = 1_048_576;

export const LINE_END = /\r\n|\n|\r/;

/** Said of a trouble in a last line without an end. */
export const CUT = 'the file has no final newline: was it cut?';

/** Bytes turned into text at a time. */
const STRETCH = 4_194_304;
const LF = 0x0a;

/**
 * The lines of a file one by one, so that a large one is never text at once. Ends as `splitLines`.
 *
 * @throws BimixError `invalid-text` with the byte where it is binary or not UTF-8, or when a line is longer than
 * `MAX_LINE_LENGTH`
 */
export function* fileLines({ path, content }: InputFile): Generator<string> {
  let before = 0;
  for (let start = 0; start < content.length; ) {
    const feed = start + STRETCH < content.length ? content.indexOf(LF, start + STRETCH) : -1;
    const end = feed < 0 ? content.length : feed + 1;
    const lines = splitLines(decodeText(path, content.subarray(start, end), start), path, before);
    yield* lines;
    before += lines.length;
    start = end;
  }
}

/**
 * Splits at LF, CRLF or CR; the last line may lack its end.
 *
 * @param before lines of the file before this text
 * @throws BimixError `invalid-text` when a line is longer than `MAX_LINE_LENGTH`
 */
export function splitLines(text: string, file: string, before = 0): string[] {
  const lines = text.split(LINE_END);
  if (lines[lines.length - 1] === '') lines.pop();
  const long = lines.findIndex(line => line.length > MAX_LINE_LENGTH);
  if (long >= 0) {
    const message = `invalid text file ${file}: line ${before + long + 1} has ${lines[long].length} characters, at most ${MAX_LINE_LENGTH} are read`;
    throw new BimixError('invalid-text', message, {
      hint: 'Is it a text table with one checkpoint a line?',
      where: { file, line: before + long + 1, column: MAX_LINE_LENGTH + 1 },
    });
  }
  return lines;
}
