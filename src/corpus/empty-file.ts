import { BimixError } from '../errors/index.ts';

/** The error of every reader for a file without a document: an empty shard is more often a failed write than meant. */
export function emptyFile(path: string, why = 'it is empty'): BimixError {
  return new BimixError('invalid-file', `invalid file ${path}: ${why}, it holds no document`, {
    hint: 'Write it again, or leave it out of the files of its domain.',
    where: { file: path, byte: 0 },
  });
}
