/**
 * The lines of a mixinglaws log: `<checkpoints>/<SIZE>_<run>-<share>-<share>-.../<step>`, white space,
 * `<...>.valid.<sub-domain>.bin`, white space, loss in nats per token.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { type InputFile, splitLines } from '../files/index.ts';
import { parseQuantity } from '../mixture/index.ts';

/** One loss. */
export interface LogLine {
  readonly run: string;
  /** Parameters, from the prefix of the run's folder; undefined without one. */
  readonly size: number | undefined;
  /** As in the name of the run's folder; one array for all its lines in a file. */
  readonly shares: readonly number[];
  /** The run's folder. */
  readonly folder: string;
  /** Last part of the checkpoint's path: a number of steps, or a word such as `last`. */
  readonly step: string;
  readonly subDomain: string;
  /** NaN where the file says so. */
  readonly loss: number;
  readonly where: Place;
}

interface RunFolder {
  readonly run: string;
  readonly size: number | undefined;
  readonly shares: readonly number[];
}

const FOLDER = /^(?:((?=[\d.]*[1-9])\d+(?:\.\d+)?[KMBT])_)?([^-]+)-(.+)$/i;
const SUB_DOMAIN = /\.valid\.([^/]+)\.bin$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const EXAMPLE = 'A line reads: ckpts/70M_17-0.5-0.25-0.25/6000 <tab> valid/pile.valid.ArXiv.bin <tab> 2.91';

/** Whether a text begins like such a log. */
export function beginsLikeLog(head: string): boolean {
  const [checkpoint, validation, ...rest] = head
    .trimStart()
    .split(/[\r\n]/, 1)[0]
    .trim()
    .split(/\s+/);
  const folder = checkpoint
    .split('/')
    .filter(part => part !== '')
    .at(-2);
  return rest.length === 1 && folder !== undefined && FOLDER.test(folder) && SUB_DOMAIN.test(validation);
}

/**
 * Reads the lines of a file; empty ones are skipped.
 *
 * @throws BimixError with line and column: `invalid-line`, `invalid-run-folder`, `invalid-sub-domain`, `invalid-loss`
 */
export function readLogLines(file: InputFile): LogLine[] {
  const folders = new Map<string, RunFolder>();
  return splitLines(file.text(), file.path).flatMap((line, index) => {
    return line.trim() === '' ? [] : [readLine(line, { file: file.path, line: index + 1 }, folders)];
  });
}

function readLine(line: string, where: Place, folders: Map<string, RunFolder>): LogLine {
  const fields = line.trim().split(/\s+/);
  if (fields.length !== 3) {
    throw new BimixError('invalid-line', `invalid line: expected 3 fields, found ${fields.length}`, {
      hint: EXAMPLE,
      where: { ...where, column: 1 },
    });
  }
  const [checkpoint, validation, loss] = fields;
  const placeOf = (field: string): Place => ({ ...where, column: line.lastIndexOf(field) + 1 });
  const [folderName = '', step] = checkpoint
    .split('/')
    .filter(part => part !== '')
    .slice(-2);
  let folder = folders.get(folderName);
  if (folder === undefined || step === undefined) {
    folder = readFolder(folderName, step, { ...where, column: line.indexOf(checkpoint) + 1 });
    folders.set(folderName, folder);
  }
  const subDomain = SUB_DOMAIN.exec(validation)?.[1];
  if (subDomain === undefined) {
    throw new BimixError(
      'invalid-sub-domain',
      `invalid validation file "${shorten(validation)}": it names no sub-domain`,
      {
        hint: EXAMPLE,
        where: placeOf(validation),
      },
    );
  }
  return { ...folder, folder: folderName, step, subDomain, loss: readLoss(loss, placeOf(loss)), where };
}

/** `70M_17-0.5-0.25-0.25`: size, run, shares. */
function readFolder(name: string, step: string | undefined, where: Place): RunFolder {
  const match = step === undefined ? null : FOLDER.exec(name);
  // A share such as 1e-05 holds a dash of its own.
  const shares = match?.[3].split(/(?<!\de)-/i) ?? [];
  if (match === null || !shares.every(share => NUMBER.test(share))) {
    const message = `invalid run folder "${shorten(name)}": expected [size_]run-share-share-.../step`;
    throw new BimixError('invalid-run-folder', message, { hint: EXAMPLE, where });
  }
  const size = match[1] === undefined ? undefined : parseQuantity(match[1], 'model size');
  return { run: match[2], size, shares: shares.map(Number) };
}

/** Checked here and not later, since a checkpoint's losses stand on many lines. */
function readLoss(text: string, where: Place): number {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const loss = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (loss > 0 && loss < Number.POSITIVE_INFINITY) return loss;
  throw new BimixError('invalid-loss', `invalid loss "${shorten(text)}": expected a number above 0`, { where });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
