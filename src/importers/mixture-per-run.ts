/** Mixtures that lie in a file each beside the losses, called like their runs: `small-1.yaml`, `small-2.json`. */

import { BimixError } from '../errors/index.ts';
import { columnsOf, type DataTable, type InputFile, mixtureOfFile } from '../files/index.ts';
import type { Mixture } from '../mixture/index.ts';

interface RunFile {
  readonly run: string;
  readonly file: InputFile;
  readonly mixture: Mixture;
}

/** Tables, and files that hold the mixture of the run they are called like. */
export async function apartMixtures(
  files: readonly InputFile[],
): Promise<{ tables: readonly InputFile[]; mixtures: readonly RunFile[] }> {
  const tables: InputFile[] = [];
  const mixtures: RunFile[] = [];
  for (const file of files) {
    const mixture = await mixtureOf(file);
    if (mixture === undefined) tables.push(file);
    else mixtures.push({ run: file.name.replace(/\.(?:ya?ml|json)$/i, ''), file, mixture });
  }
  return { tables, mixtures };
}

/** The mixture in a YAML or JSON file; undefined where it is something else. */
async function mixtureOf(file: InputFile): Promise<Mixture | undefined> {
  const isYaml = /\.ya?ml$/i.test(file.name);
  if (!isYaml && !(/\.json$/i.test(file.name) && /^\s*\{/.test(file.head() ?? ''))) return undefined;
  if (!isYaml && (file.content.length > 1_000_000 || (await looksLikeRecord(file)))) return undefined;
  try {
    return mixtureOfFile(file);
  } catch (cause) {
    if (cause instanceof BimixError && !isYaml) return undefined;
    throw cause;
  }
}

/** A table of JSON lines in a file called .json: a row names its run or has a step. */
async function looksLikeRecord(file: InputFile): Promise<boolean> {
  return ((await columnsOf(file)) ?? []).some(name => /^(?:run|run_id|step|tokens|loss|losses\..*)$/i.test(name));
}

/**
 * One table of all these mixtures, a row a file; domains that a file leaves out have 0.
 */
export function mixturesTable(mixtures: readonly RunFile[]): DataTable {
  const domains = [...new Set(mixtures.flatMap(({ mixture }) => mixture.domains))];
  const [{ file }] = mixtures;
  return {
    file: mixtures.length === 1 ? file.path : `${file.path} and ${mixtures.length - 1} more`,
    columns: ['run', ...domains.map(domain => `weight_${domain}`)],
    rowCount: mixtures.length,
    cell(row, column) {
      const { run, mixture } = mixtures[row];
      if (column === 0) return run;
      const j = mixture.domains.indexOf(domains[column - 1]);
      return j < 0 ? 0 : mixture.proportions[j];
    },
    place: row => ({ file: mixtures[row].file.path }),
  };
}
