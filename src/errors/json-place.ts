/** Where a value stands in JSON. */

import type { Place } from './bimix-error.ts';

const SPACE = /\s*/y;
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+/y;

/**
 * Line and column of the key that a path leads to; of an item of a list, of the item. Where a key on the way is missing,
 * those of what should have it.
 *
 * @param text valid JSON
 */
export function jsonPlace(text: string, keys: readonly PropertyKey[]): Pick<Place, 'line' | 'column'> {
  return lineAndColumn(text, jsonOffset(text, keys));
}

/** @param offset in characters */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function jsonOffset(text: string, keys: readonly PropertyKey[]): number {
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const pass = (): void => {
    let depth = 0;
    do {
      skip(SPACE);
      const mark = text[at];
      if (mark === '{' || mark === '[') depth++;
      if (mark === '}' || mark === ']') depth--;
      if (skip(TOKEN) === '') at++;
    } while (depth > 0 && at < text.length);
  };
  skip(SPACE);
  for (const [depth, key] of keys.entries()) {
    const outer = at;
    const isObject = text[at] === '{';
    if (!isObject && text[at] !== '[') return outer;
    let place = outer;
    for (let index = 0; ; index++) {
      at++;
      skip(SPACE);
      if (at >= text.length || text[at] === '}' || text[at] === ']') return outer;
      place = at;
      const name = isObject ? (JSON.parse(skip(TOKEN)) as string) : String(index);
      if (isObject) {
        skip(SPACE);
        at++;
        skip(SPACE);
      }
      if (name === String(key)) break;
      pass();
      skip(SPACE);
      if (text[at] !== ',') return outer;
    }
    if (depth === keys.length - 1) return place;
  }
  return at;
}
