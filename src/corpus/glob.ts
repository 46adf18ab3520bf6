/** The files that patterns such as `books/*.jsonl.zst` stand for. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { BimixError } from '../errors/index.ts';
import { isMdsFolder, MDS_INDEX } from './mds-index.ts';

/** Files that belong to another and are read with it: counted by themselves they would count twice. */
const COMPANIONS: readonly (readonly [companion: RegExp, main: string])[] = [
  [/\.idx$/, '.bin'],
  [/\.ds\.(?:index|metadata|loss)$/, '.ds'],
  [/\.csv\.gz$/, '.npy'],
];
const MDS_SHARD = /\.mds(?:\.[a-z0-9]+)?$/;

/**
 * Expands patterns (`*`, `**`, `?`, `{a,b}`, `[ab]`) and plain paths. A folder in MDS counts as a file; files that are read with another one (`.idx`, `.ds.index`, the `.csv.gz` of an `.npy`, shards of MDS) are left out.
 *
 * @param folder what relative patterns are relative to
 * @returns each file once, sorted by code units
 * @throws BimixError `missing-files` when a pattern matches nothing, `invalid-files` for a folder that is not MDS
 */
export async function expandFiles(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) for (const file of await matches(pattern, folder)) found.add(file);
  return [...found].filter(file => !isCompanion(file, found)).sort((a, b) => (a < b ? -1 : 1));
}

async function matches(pattern: string, folder: string): Promise<readonly string[]> {
  const literal = path.resolve(folder, pattern);
  const shown = (file: string) => (path.isAbsolute(pattern) ? file : path.join(folder, path.relative(folder, file)));
  if (existsSync(literal)) {
    if (!statSync(literal).isDirectory() || isMdsFolder(literal)) return [shown(literal)];
    throw new BimixError('invalid-files', `invalid files "${pattern}": it is a folder`, {
      hint: `Write "${path.join(pattern, '*')}", or "${path.join(pattern, '**')}" with the folders below.`,
    });
  }
  // Megatron names a pair of files by what their names share.
  if (existsSync(`${literal}.idx`) && existsSync(`${literal}.bin`)) return [shown(`${literal}.bin`)];
  const found = await glob(pattern.replaceAll('\\', '/'), {
    cwd: folder,
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
  });
  const files = found.filter(file => !file.endsWith('/') || isMdsFolder(file)).map(file => shown(path.resolve(file)));
  if (files.length > 0) return files;
  throw new BimixError('missing-files', `missing files: nothing matches "${pattern}" in ${path.resolve(folder)}`, {
    hint: 'Patterns are relative to the file they stand in.',
  });
}

function isCompanion(file: string, files: ReadonlySet<string>): boolean {
  const folder = path.dirname(file);
  const hasIndex = files.has(folder) || files.has(path.join(folder, MDS_INDEX));
  if (MDS_SHARD.test(file) && hasIndex) return true;
  if (path.basename(file) === MDS_INDEX && files.has(folder)) return true;
  return COMPANIONS.some(([companion, main]) => companion.test(file) && files.has(file.replace(companion, main)));
}
