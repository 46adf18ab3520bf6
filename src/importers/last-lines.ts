/** Whether the last line of a text file may be cut: a number in it then reads as another. */

import type { InputFile } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';

/** Holds the marks of files without lines. */
const SAMPLE_BYTES = 256;

/** A note on the text files that do not end with a line feed; JSON that is closed is whole. */
export function unfinishedLines(files: readonly InputFile[]): Finding[] {
  const cut = files.filter(file => hasLines(file.content) && !isWhole(file.content));
  return findingOf(
    'note',
    'no-final-newline',
    cut.map(({ path }) => path),
    n => `no final newline in ${counted(n, 'file')}: the last line may be cut`,
  );
}

/** Whether a file has lines; zero bytes among them are those of a log. */
function hasLines(content: Uint8Array): boolean {
  const start = Buffer.from(content.subarray(0, SAMPLE_BYTES)).toString('latin1');
  return !start.startsWith('PAR1') && !start.includes('brain.Event');
}

/** Whether a text ends its last line, or is JSON that is closed. */
function isWhole(content: Uint8Array): boolean {
  const end = endOf(content);
  const isJson = /^\s*(?:\{|\[\s*[[{])/.test(Buffer.from(content.subarray(0, SAMPLE_BYTES)).toString('latin1'));
  return /[\r\n]\0*$/.test(end) || (isJson && /[}\]]\s*$/.test(end));
}

function endOf(content: Uint8Array): string {
  return Buffer.from(content.subarray(-64)).toString('latin1');
}
