/** The lines of a text, for formats that are read line by line. */

import { BimixError } from '../errors/index.ts';

/** Longest line read, in characters: room for ten thousand domains. */
export const MAX_LINE_LENGTH = 1_048_576;

export const LINE_END = /\r\n|\n|\r/;

/**
 * Splits at LF, CRLF or CR; the last line may lack its end.
 *
 * @throws BimixError `invalid-text` when a line is longer than `MAX_LINE_LENGTH`
 */
export function splitLines(text: string, file: string): string[] {
  const lines = text.split(LINE_END);
  if (lines[lines.length - 1] === '') lines.pop();
  const long = lines.findIndex(line => line.length > MAX_LINE_LENGTH);
  if (long >= 0) {
    const message = `invalid text file ${file}: line ${long + 1} has ${lines[long].length} characters, at most ${MAX_LINE_LENGTH} are read`;
    throw new BimixError('invalid-text', message, {
      hint: 'Is it a text table with one checkpoint a line?',
      where: { file, line: long + 1, column: MAX_LINE_LENGTH + 1 },
    });
  }
  return lines;
}
