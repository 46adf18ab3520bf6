/**
 * Laws on the public run tables by the protocols of bench/benchmark/protocols.ts, as docs/benchmark.md.
 *
 * Run: npm run benchmark -- [--data ../shared/data] [--only E1,E2] [--tables 5Mix-70M,...] [--quick] [--cache FILE] [-o FILE]
 *
 * Writes docs/benchmark.md where everything is measured; a part is printed, unless -o names a file. --cache keeps what was
 * measured in a file, from which a run that was stopped goes on; after a change of the code, take a new one.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withProgress } from '../src/cli/progress.ts';
import { BimixError, didYouMean } from '../src/errors/index.ts';
import { bimixVersion, writeWholeFile } from '../src/files/index.ts';
import type { RunTable } from '../src/observations/index.ts';
import { PUBLIC_TABLES, type PublicTableName, publicTable, sourceOfTable } from '../test/public-tables.ts';
import { openCellCache } from './benchmark/cell-cache.ts';
import { measureCells } from './benchmark/measure-cells.ts';
import { benchmarkPage } from './benchmark/page.ts';
import { cellsOf, PROTOCOLS } from './benchmark/protocols.ts';

const WHOLE = 'docs/benchmark.md';
const QUICK_TABLES: readonly PublicTableName[] = ['5Mix-70M', '5Mix-160M'];

try {
  await benchmark();
} catch (error) {
  if (!(error instanceof BimixError)) throw error;
  console.error(error.describe());
  process.exitCode = 1;
}

async function benchmark(): Promise<void> {
  const { data, only, tables: some, quick, cache, output } = readArguments();
  const protocols = only === undefined ? PROTOCOLS : named(only.toUpperCase(), PROTOCOLS, 'protocol');
  const usual = quick ? QUICK_TABLES : PUBLIC_TABLES;
  const wanted = some === undefined ? usual : named(some, PUBLIC_TABLES, 'table');
  const { tables, absent } = await readTables(data, wanted);
  const cells = PROTOCOLS.filter(name => protocols.includes(name)).flatMap(name => cellsOf(name, tables, { quick }));
  const measured = await withProgress('benchmark, by the work expected in percent', onProgress =>
    measureCells(cells, openCellCache(cache), onProgress),
  );
  const parts = [
    ...(only === undefined ? [] : [`--only ${only}`]),
    ...(some === undefined ? [] : [`--tables ${some}`]),
    ...(quick ? ['--quick'] : []),
  ];
  const page = benchmarkPage(measured, {
    command: ['npm run benchmark -- --data DIR', ...parts].join(' '),
    version: bimixVersion(),
    node: process.version,
    tables: [...tables.keys()].map(name => {
      const { files, where = 'all' } = sourceOfTable(name);
      return [name, files.join(', '), where];
    }),
    absent,
  });
  const file = output ?? (parts.length === 0 ? WHOLE : undefined);
  if (file === undefined) process.stdout.write(page);
  else await writeWholeFile(file, page);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string', default: '../shared/data' },
        only: { type: 'string' },
        tables: { type: 'string' },
        quick: { type: 'boolean', default: false },
        cache: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    }).values;
  } catch (error) {
    throw new BimixError('invalid-argument', `invalid arguments: ${(error as Error).message}`);
  }
}

/** @throws BimixError `unknown-PART` */
function named<Name extends string>(text: string, names: readonly Name[], part: 'protocol' | 'table'): Name[] {
  return text.split(',').map(name => {
    const known = names.find(one => one === name.trim());
    if (known !== undefined) return known;
    throw new BimixError(`unknown-${part}`, `unknown ${part} "${name}"`, { hint: didYouMean(name, names) });
  });
}

/** @throws BimixError `missing-data` where none of the tables is there */
async function readTables(
  folder: string,
  names: readonly PublicTableName[],
): Promise<{ readonly tables: ReadonlyMap<PublicTableName, RunTable>; readonly absent: readonly string[] }> {
  const isThere = (name: PublicTableName): boolean =>
    sourceOfTable(name).files.every(file => existsSync(path.join(folder, file)));
  const present = names.filter(isThere);
  if (present.length === 0) {
    throw new BimixError('missing-data', `missing run tables: none of ${names.join(', ')} is in ${folder}`, {
      hint: 'Name the folder that holds mixinglaws, slimpajama and regmix with --data.',
    });
  }
  const tables = new Map<PublicTableName, RunTable>();
  for (const name of present) tables.set(name, await publicTable(name, folder));
  return { tables, absent: names.filter(name => !present.includes(name)) };
}
