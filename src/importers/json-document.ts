/** A file that is one JSON document, as Python writes it: `NaN` reads as null. */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { parseJsonLine } from '../observations/index.ts';

/**
 * @throws BimixError `invalid-json` with line and column
 */
export function readJsonDocument(file: InputFile): unknown {
  const text = file.text();
  try {
    return parseJsonLine(text, { file: file.path });
  } catch (cause) {
    if (!(cause instanceof BimixError) || cause.where.column === undefined) throw cause;
    const before = text.slice(0, cause.where.column - 1).split('\n');
    const isCut = /ends too early/.test(cause.message);
    throw new BimixError('invalid-json', cause.message.replace('JSON line', `JSON file ${file.path}`), {
      ...(isCut ? { hint: 'Was it copied while the trainer wrote it? Copy it again.' } : {}),
      where: { file: file.path, line: before.length, column: (before.at(-1) as string).length + 1 },
      cause,
    });
  }
}

/** A JSON object, or undefined for anything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}
