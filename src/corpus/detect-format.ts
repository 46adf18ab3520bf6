/** Which reader a file is for, when its format is not stated. */

import { stat } from 'node:fs/promises';
import { BimixError } from '../errors/index.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import type { DocumentReader } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { unreadable } from './source-file.ts';

/**
 * The first reader that recognizes the file.
 *
 * @throws BimixError `ambiguous-format` when none does, `missing-file`, `invalid-file` (empty)
 */
export async function detectReader(path: string, readers: readonly DocumentReader[]): Promise<DocumentReader> {
  const head = await headOf(path);
  const reader = readers.find(({ detect }) => detect(path, head instanceof BimixError ? new Uint8Array(0) : head));
  if (reader !== undefined) return reader;
  if (head instanceof BimixError) throw head;
  const names = readers.map(({ name }) => name);
  throw new BimixError('ambiguous-format', `ambiguous format of ${path}: its content does not show it`, {
    hint: `State it as "format: NAME", one of ${names.join(', ')}; a file of bare ids needs its dtype too.`,
    where: { file: path },
  });
}

/** The first bytes, decompressed, or why there are none: a folder and the prefix of a pair of files may still be a format. */
async function headOf(path: string): Promise<Uint8Array | BimixError> {
  try {
    if ((await stat(path)).isDirectory()) return unreadable(path, { code: 'EISDIR' });
  } catch (cause) {
    return unreadable(path, cause);
  }
  const file = await inspectFile(path);
  for await (const chunk of fileContent(path, file, { bytes: 0 })) return chunk;
  throw emptyFile(path);
}
