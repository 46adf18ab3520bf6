/** Small YAML or JSON files people write by hand, with the place of every value for errors. */

import { isCollection, LineCounter, parseDocument } from 'yaml';
import { BimixError, type Place } from '../errors/index.ts';
import { type InputFile, readInputFile } from './input-file.ts';

/** Largest such file, in characters. */
const MAX_CONFIG_LENGTH = 1_000_000;

/** A YAML or JSON file of any shape. */
export interface StructuredFile {
  readonly path: string;
  /** Plain values: mappings, lists, text, numbers. */
  readonly value: unknown;
  /** Where the value under these keys stands. */
  place(...keys: (string | number)[]): Place;
}

/** One whose top is a mapping. */
export interface ConfigFile extends StructuredFile {
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads a YAML 1.2 or JSON file whose top is a mapping.
 *
 * @throws BimixError `invalid-config` when it is empty or not a mapping, and as `parseStructuredFile` and `readInputFile`
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const { value, place } = parseStructuredFile(await readInputFile(path));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { path, value: value as Record<string, unknown>, place };
  }
  throw new BimixError('invalid-config', `invalid file ${path}: expected names with values, one a line`, {
    hint: 'For example:\nweb: 0.6\ncode: 0.4',
    where: { file: path, line: 1, column: 1 },
  });
}

/**
 * Parses a YAML 1.2 or JSON file.
 *
 * @throws BimixError `invalid-yaml` with line and column (syntax, a key twice), `invalid-config` when the file is too long
 */
export function parseStructuredFile(file: InputFile): StructuredFile {
  const { path } = file;
  const text = file.text();
  if (text.length > MAX_CONFIG_LENGTH) {
    throw new BimixError('invalid-config', `invalid file ${path}: ${text.length} characters are not a settings file`, {
      where: { file: path },
    });
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file: path, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const trouble = error.message.split(/ at line|\n/)[0];
    throw new BimixError('invalid-yaml', `invalid YAML in ${path}: ${trouble}`, { where: placeAt(error.pos[0]) });
  }
  return {
    path,
    value: toValue(path, () => document.toJS()),
    place(...keys) {
      const node = keys.length === 0 ? document.contents : document.getIn(keys, true);
      const range = isCollection(node) || isRanged(node) ? node.range : undefined;
      return range ? placeAt(range[0]) : { file: path };
    },
  };
}

function isRanged(node: unknown): node is { range?: [number, number, number] | null } {
  return typeof node === 'object' && node !== null && 'range' in node;
}

/** Aliases are only resolved here: an unknown or exploding one is the user's error too. */
function toValue(path: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    const trouble = cause instanceof Error ? cause.message : String(cause);
    throw new BimixError('invalid-yaml', `invalid YAML in ${path}: ${trouble}`, { where: { file: path }, cause });
  }
}
