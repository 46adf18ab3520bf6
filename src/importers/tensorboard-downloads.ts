/**
 * Scalars downloaded from the page of TensorBoard: one file for each run and tag, `run-<run>-tag-<tag>.csv` with the columns `Wall
 * time,Step,Value`, or the same as JSON, a list of triples. Browsers write `_` for each slash of the names.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { type InputFile, numberAt, readDataTable } from '../files/index.ts';
import { readJsonDocument } from './json-document.ts';
import { runNamesOfPath } from './logged-losses.ts';
import type { ScalarLog } from './tensorboard-logs.ts';

const NAME = /^run-(.+)-tag-(.+?)(?: ?\(\d+\))?\.(?:csv|json)$/i;
const COLUMNS = ['Wall time', 'Step', 'Value'];
const HEADER = /^\s*"?wall[ _]time"?\s*[,;\t]\s*"?step"?\s*[,;\t]\s*"?value"?\s*(?:[\r\n]|$)/i;

export function isDownload(file: InputFile): boolean {
  const head = file.head()?.slice(0, 200) ?? '';
  return HEADER.test(head) || (/\.json$/i.test(file.name) && NAME.test(file.name) && /^\s*\[\s*[[\]]/.test(head));
}

/**
 * @throws BimixError `invalid-log` for JSON of another shape, and as `readDataTable`
 */
export async function readDownload(file: InputFile): Promise<ScalarLog> {
  const [, run, tag] = NAME.exec(file.name) ?? [];
  const fromPath = runNamesOfPath(file.path);
  const points = /\.json$/i.test(file.name) ? jsonPoints(file) : await tablePoints(file);
  // A file of another name is called by its tag and lies in the folder of its run.
  const name = tag ?? file.name.replace(/\.\w+$/, '');
  return {
    file,
    runs: run === undefined || run === '.' ? fromPath.slice(1) : [...partsOf(run), ...fromPath],
    time: points[0]?.time ?? 0,
    scalars: points.map(({ step, value, where }) => ({ tag: name, step, value, where })),
    cutAt: undefined,
  };
}

interface Point {
  readonly time: number;
  readonly step: number;
  readonly value: number;
  readonly where: Place & { readonly file: string };
}

async function tablePoints(file: InputFile): Promise<Point[]> {
  const table = await readDataTable(file);
  const plain = table.columns.map(name => name.toLowerCase().replace('_', ' '));
  const [time, step, value] = COLUMNS.map(name => plain.indexOf(name.toLowerCase()));
  return Array.from({ length: table.rowCount }, (_, row) => ({
    time: numberAt(table, row, time),
    step: numberAt(table, row, step),
    value: numberAt(table, row, value),
    where: { ...table.place(row), file: file.path },
  }));
}

function jsonPoints(file: InputFile): Point[] {
  const points = readJsonDocument(file);
  const where = { file: file.path };
  const isPoint = (point: unknown): point is [number, number, unknown] => {
    return Array.isArray(point) && point.length === 3 && point.slice(0, 2).every(part => typeof part === 'number');
  };
  if (Array.isArray(points) && points.every(isPoint)) {
    return points.map(([time, step, value]) => ({ time, step, value: scalarOf(value, where), where }));
  }
  throw new BimixError('invalid-log', `invalid scalars in ${file.path}: expected a list of [wall time, step, value]`, {
    where,
  });
}

/** TensorBoard writes numbers that JSON lacks as text. */
function scalarOf(value: unknown, where: Place): number {
  if (typeof value === 'number') return value;
  if (value === null || value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new BimixError('invalid-number', `invalid number ${JSON.stringify(value)} among the scalars`, { where });
}

/** The name of a run that lay in folders, `sweep_small-1`, and each stretch of it, the longest first. */
function partsOf(run: string): string[] {
  const parts = run.split('_');
  const stretches = parts.flatMap((_, from) => parts.slice(from).map((_part, n) => parts.slice(from, from + n + 1)));
  const names = stretches.sort((a, b) => b.length - a.length).map(stretch => stretch.join('_'));
  return [...new Set(names)].filter(name => name !== '');
}
