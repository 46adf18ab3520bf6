/** Whether the last line of a text file may be cut: a number in it then reads as another. */

import type { InputFile } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';

/** Bytes looked at on either side to see that a file is text. */
const SAMPLE_BYTES = 4096;

/** A note on the text files that do not end with a line feed; JSON that is closed is whole. */
export function unfinishedLines(files: readonly InputFile[]): Finding[] {
  const cut = files.filter(({ content }) => isText(content) && !/[\r\n]$|[}\]]\s*$/.test(endOf(content)));
  return findingOf(
    'note',
    'no-final-newline',
    cut.map(({ path }) => path),
    n => `no final newline in ${counted(n, 'file')}: the last line may be cut`,
  );
}

function isText(content: Uint8Array): boolean {
  return ![content.subarray(0, SAMPLE_BYTES), content.subarray(-SAMPLE_BYTES)].some(part => part.includes(0));
}

function endOf(content: Uint8Array): string {
  return Buffer.from(content.subarray(-64)).toString('latin1');
}
