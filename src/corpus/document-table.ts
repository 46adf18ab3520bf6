/** The `.csv.gz` beside OLMo's files: `start,end[,...]` of each document in ids, the end exclusive, one after another. */

import { pipeline, Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { BimixError } from '../errors/index.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import type { DocumentMarks } from './token-file.ts';

/**
 * Reads the table into memory: eight bytes a document.
 *
 * @param count ids of the file that the table is of
 * @throws BimixError `invalid-documents` with the line unless the documents follow one another from 0 to `count`
 */
export async function readDocumentTable(path: string, count: number): Promise<DocumentMarks> {
  const ends: number[] = [0];
  let from = 0;
  let line = 1;
  const rows = parse({ relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true });
  // The callback keeps an error from being uncaught; the loop meets it too.
  pipeline(Readable.from(fileContent(path, await inspectFile(path), { bytes: 0 })), rows, () => {});
  try {
    for await (const { record, info } of rows as AsyncIterable<{ record: string[]; info: Info }>) {
      const [start, end = ''] = record;
      line = info.lines;
      if (ends.length === 1 && start === 'start' && end === 'end') continue;
      if (start !== String(from)) throw invalidTable(path, `a document begins at "${start}", expected ${from}`, line);
      const to = /^\d+$/.test(end) ? Number(end) : Number.NaN;
      if (!(to >= from && to <= count)) {
        const trouble = `a document ends at "${end}", expected ${from} to ${count}, the ids of its .npy`;
        throw invalidTable(path, trouble, line);
      }
      ends.push(to);
      from = to;
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw invalidTable(path, troubleOf(cause), line, cause);
    throw cause;
  }
  if (from !== count) throw invalidTable(path, `its documents end at ${from}, its .npy at ${count}`, line);
  const marks = Float64Array.from(ends);
  return {
    documents: marks.length - 1,
    beginOf: async document => marks[document],
    async *endsOf(from, to) {
      yield marks.subarray(from + 1, to + 1);
    },
  };
}

function troubleOf({ code }: CsvError): string {
  return code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : 'its rows cannot be separated';
}

function invalidTable(path: string, trouble: string, line: number, cause?: unknown): BimixError {
  return new BimixError('invalid-documents', `invalid table of documents ${path}: ${trouble}`, {
    hint: 'Is it of this .npy? Without it, state the eos.',
    where: { file: path, line },
    cause,
  });
}
