/** bimix's own `runs.jsonl`, as `bimix import` writes it or as people write it by hand. */

import { BimixError } from '../errors/index.ts';
import { fileLines } from '../files/index.ts';
import { parseRuns, RUNS_FORMAT } from '../observations/index.ts';
import type { Importer } from './importer.ts';

export const bimixRuns: Importer = {
  name: RUNS_FORMAT,
  description: "bimix's own runs.jsonl: a header line and one record per checkpoint",

  detect(files) {
    const fits = files.length === 1 && /^\s*\{[^\r\n]*"kind"\s*:\s*"bimix-runs"/.test(files[0].head() ?? '');
    return fits && { confidence: 'certain', reason: 'a header line of kind bimix-runs' };
  },

  read(files, { lossUnit = 'nats' }) {
    const [file, other] = files;
    if (other !== undefined) {
      throw new BimixError('ambiguous-input', `ambiguous input: ${files.length} files, expected one runs.jsonl`, {
        where: { file: other.path },
      });
    }
    if (lossUnit !== 'nats') {
      throw new BimixError('invalid-unit', `invalid unit ${lossUnit}: losses in a runs.jsonl are nats per token`, {
        where: { file: file.path, line: 1 },
      });
    }
    return parseRuns(fileLines(file), file.path);
  },
};
