/** One line of JSON, as Python and JavaScript write it, with the column of what is wrong with it. */

import { BimixError, type Place } from './bimix-error.ts';

/**
 * Parses one line. Python's bare `NaN` reads as null, `Infinity` as an infinite number.
 *
 * @throws BimixError `invalid-json` with the column
 */
export function parseJsonLine(line: string, where: Place): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Python's dialect, or broken in either.
  }
  try {
    return JSON.parse(withoutPythonNumbers(line));
  } catch (cause) {
    const at = firstJsonError(line);
    const rest = line.slice(at).trimEnd();
    const isCut = rest === '' || /^"(?:[^"\\]|\\.)*\\?$/.test(rest);
    const trouble = isCut ? 'it ends too early' : `unexpected ${JSON.stringify(rest.slice(0, 12))}`;
    throw new BimixError('invalid-json', `invalid JSON line: ${trouble}`, {
      where: { ...where, column: at + 1 },
      cause,
    });
  }
}

function withoutPythonNumbers(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, token => {
    if (token.startsWith('"')) return token;
    if (token.endsWith('NaN')) return 'null';
    return token.startsWith('-') ? '-1e999' : '1e999';
  });
}

const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const SCALAR = new RegExp(
  `${STRING.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null|NaN|-?Infinity`,
  'uy',
);
const DEEPEST = 100;

/** Offset of the first character at which the text stops being JSON; past its end when it only ends too early. */
export function firstJsonError(text: string): number {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length;
    at += length ?? 0;
    return length !== undefined;
  };
  const accept = (mark: string): boolean => {
    skip(/\s*/y);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const list = (close: string, item: () => boolean): boolean => {
    if (accept(close)) return true;
    do if (!item()) return false;
    while (accept(','));
    return accept(close);
  };
  const value = (depth: number): boolean => {
    if (depth > DEEPEST) return false;
    if (accept('{')) return list('}', () => skip(/\s*/y) && skip(STRING) && accept(':') && value(depth + 1));
    return accept('[') ? list(']', () => value(depth + 1)) : skip(SCALAR);
  };
  if (value(0)) skip(/\s*/y);
  return at;
}
