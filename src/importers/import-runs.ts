/** From paths to a checked table: read, recognize the format, import, assemble. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BimixError, didYouMean } from '../errors/index.ts';
import {
  bimixVersion,
  checkParquet,
  type DataTable,
  type InputFile,
  readDataTable,
  readInputFile,
} from '../files/index.ts';
import { assembleRuns, type Finding, type Provenance, RUNS_FORMAT, type RunTable } from '../observations/index.ts';
import { bimixRuns } from './bimix-runs.ts';
import type { Importer, ImportOptions } from './importer.ts';
import { knownConsole } from './known-consoles.ts';
import { unfinishedLines } from './last-lines.ts';
import { apartMixtures } from './mixture-per-run.ts';
import { IMPORTERS } from './registry.ts';
import { unknownTables } from './unknown-table.ts';

export interface ImportedRuns {
  readonly table: RunTable;
  readonly findings: readonly Finding[];
  /** Name of the importer that read the files. */
  readonly format: string;
  /** Why it was chosen; empty when it was named. */
  readonly reason: string;
}

/**
 * Reads runs from files of any known format.
 *
 * @param paths files, or folders that stand for the files in them
 * @throws BimixError `missing-file`, `invalid-parquet`, `unknown-format` or `ambiguous-format` (listing the formats to name), and what the
 * importer and `assembleRuns` throw
 *
 * @example
 * ```js
 * import { importRuns } from 'bimix/node';
 *
 * const { table, findings } = await importRuns(['losses.csv']);
 * ```
 */
export async function importRuns(paths: readonly string[], options: ImportOptions = {}): Promise<ImportedRuns> {
  const files = await Promise.all((await filesAt(paths)).map(readInputFile));
  return importFiles(files, options);
}

/**
 * Reads a `runs.jsonl`.
 *
 * @throws BimixError `unknown-format` when the file is something else, and as `importRuns`
 *
 * @example
 * ```js
 * import { readRunsFile } from 'bimix/node';
 *
 * const { table } = await readRunsFile('runs.jsonl');
 * ```
 */
export async function readRunsFile(path: string): Promise<ImportedRuns> {
  const file = await readInputFile(path);
  if (!bimixRuns.detect([file])) {
    const isPlan = /^\s*\{\s*"kind"\s*:\s*"bimix-plan"/.test(file.head() ?? '');
    throw new BimixError('unknown-format', `unknown format of ${path}: expected a runs.jsonl`, {
      hint: isPlan
        ? `It is a plan. Train it, bimix run ${path}, then collect the losses: bimix collect -o runs.jsonl`
        : `Make one with: bimix import ${path} -o runs.jsonl`,
      where: { file: path, line: 1 },
    });
  }
  return importFiles([file], { format: RUNS_FORMAT });
}

async function importFiles(files: readonly InputFile[], options: ImportOptions): Promise<ImportedRuns> {
  const empty = files.find(({ content }) => content.length === 0);
  if (empty !== undefined) {
    throw new BimixError('invalid-file', `invalid file ${empty.path}: it is empty`, { where: { file: empty.path } });
  }
  for (const file of files) await checkParquet(file);
  const { importer, reason } = await chooseImporter(files, options);
  if (options.domains !== undefined && importer.takesDomains !== true) {
    throw new BimixError('invalid-domains', `invalid --domains: ${importer.name} files name their training domains`, {
      hint: 'Leave it out; --map says which evaluation domain belongs to which.',
    });
  }
  // Before reading, which may let go of what a file held.
  const unfinished = unfinishedLines(files);
  const draft = await importer.read(files, options);
  const provenance: Provenance = draft.provenance ?? {
    format: importer.name,
    inputs: files.map(({ path, sha256, bytes }) => ({ file: path, sha256, bytes })),
    version: bimixVersion(),
  };
  const {
    lossUnit = draft.lossUnit,
    tokensPerStep = draft.tokensPerStep,
    schedule = draft.schedule,
    ...rest
  } = options;
  const changed = {
    ...draft,
    lossUnit,
    ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
    ...(schedule === undefined ? {} : { schedule }),
  };
  const { table, findings } = assembleRuns(changed, { ...rest, provenance });
  return { table, findings: [...findings, ...unfinished], format: importer.name, reason };
}

async function chooseImporter(
  files: readonly InputFile[],
  options: ImportOptions,
): Promise<{ importer: Importer; reason: string }> {
  const { format } = options;
  const names = IMPORTERS.map(({ name }) => name);
  if (format !== undefined) {
    const importer = IMPORTERS.find(({ name }) => name === format);
    if (importer !== undefined) return { importer, reason: '' };
    throw new BimixError('unknown-format', `unknown format "${format}"`, { hint: didYouMean(format, names) });
  }
  const found = await Promise.all(
    IMPORTERS.map(async importer => ({ importer, detection: await importer.detect(files, options) })),
  );
  const fits = found.flatMap(({ importer, detection }) => (detection ? [{ importer, ...detection }] : []));
  const certain = fits.filter(({ confidence }) => confidence === 'certain');
  const best = certain.length > 0 ? certain : fits;
  if (best.length === 1) return best[0];
  const where = files.length === 1 ? { file: files[0].path } : {};
  if (best.length > 1) {
    const candidates = best.map(({ importer, reason }) => `${importer.name} (${reason})`).join(' or ');
    throw new BimixError('ambiguous-format', `ambiguous format: ${candidates}`, {
      hint: `Pass ${best.map(({ importer }) => `--format ${importer.name}`).join(' or ')}.`,
      where,
    });
  }
  for (const file of files) if (file.head() === undefined) file.text();
  const known = knownConsole(files);
  if (known !== undefined) throw known;
  const tables = await tablesOf(files);
  if (tables !== undefined) throw unknownTables(tables, options.columns);
  throw new BimixError('unknown-format', `unknown format of ${files.map(({ path }) => path).join(', ')}`, {
    hint: `Pass --format with one of ${names.join(', ')}; for wide and long tables say what the columns mean with --columns.`,
    where,
  });
}

/** The files as tables; undefined where one of them is none, or has a single column. */
async function tablesOf(files: readonly InputFile[]): Promise<DataTable[] | undefined> {
  try {
    const { tables } = await apartMixtures(files);
    const read = await Promise.all(tables.map(readDataTable));
    return read.length > 0 && read.every(({ columns }) => columns.length > 1) ? read : undefined;
  } catch (cause) {
    if (cause instanceof BimixError) return undefined;
    throw cause;
  }
}

/** Folders replaced by the files in them, by name; hidden files are left out. */
async function filesAt(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async path => {
      const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
      if (!isFolder) return [path];
      const entries = await readdir(path, { withFileTypes: true });
      const names = entries.filter(entry => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
      if (names.length > 0) return names.sort().map(name => join(path, name));
      throw new BimixError('missing-file', `missing files: the folder ${path} holds none`, {
        hint: `To read files in its subfolders pass a pattern, for example ${join(path, '*', '*')}.`,
        where: { file: path },
      });
    }),
  );
  if (lists.length === 0) throw new BimixError('missing-file', 'missing file: no path was given');
  return lists.flat();
}
