/** Small YAML or JSON files people write by hand, with the place of every value for errors. */

import { type Document, type ErrorCode, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
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
 * @throws BimixError `invalid-yaml` with line and column (syntax, a key twice, aliases in a circle, a key `__proto__`), `invalid-config` when the file is too long
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
  if (error !== undefined) throw invalidYaml(path, YAML_TROUBLE[error.code], placeAt(error.pos[0]), error);
  const value = toValue(document, trouble => invalidYaml(path, trouble.words, placeOf(trouble.node), trouble.cause));
  return {
    path,
    value,
    place(...keys) {
      const node = keys.length === 0 ? document.contents : document.getIn(keys, true);
      return placeOf(node);
    },
  };

  function placeOf(node: unknown): Place {
    const range = isCollection(node) || isRanged(node) ? node.range : undefined;
    return range ? placeAt(range[0]) : { file: path };
  }
}

function isRanged(node: unknown): node is { range?: [number, number, number] | null } {
  return typeof node === 'object' && node !== null && 'range' in node;
}

interface AliasTrouble {
  readonly words: string;
  readonly node: unknown;
  readonly cause?: unknown;
}

/** Aliases are followed here: unknown ones, circles and those that multiply are the user's error too. */
function toValue(document: Document.Parsed, invalid: (trouble: AliasTrouble) => BimixError): unknown {
  const seen = new Set<string>();
  visit(document, {
    Alias(_, node, above) {
      if (!seen.has(node.source)) throw invalid({ words: `alias *${node.source} names nothing before it`, node });
      const target = node.resolve(document);
      if (above.some(parent => parent === target)) {
        throw invalid({ words: `alias *${node.source} stands inside what it names`, node });
      }
    },
    Node(_, node) {
      if ('anchor' in node && typeof node.anchor === 'string') seen.add(node.anchor);
    },
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__') {
        throw invalid({
          words: 'a key is called "__proto__", which JavaScript reserves; give it another name',
          node: key,
        });
      }
    },
  });
  try {
    return document.toJS();
  } catch (cause) {
    throw invalid({ words: 'its aliases stand for too many values', node: document.contents, cause });
  }
}

function invalidYaml(path: string, trouble: string, where: Place, cause?: unknown): BimixError {
  return new BimixError('invalid-yaml', `invalid YAML in ${path}: ${trouble}`, { where, cause });
}

/** By the codes of the `yaml` library. */
const YAML_TROUBLE: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot have an anchor or a tag',
  BAD_ALIAS: 'an alias needs a name: *name',
  BAD_COLLECTION_TYPE: 'a tag does not fit the list or mapping it is on',
  BAD_DIRECTIVE: 'a line that begins with % is no directive',
  BAD_DQ_ESCAPE: 'a backslash in "..." begins no escape; write it twice, or use \'...\'',
  BAD_INDENT: 'the indentation does not fit the lines above, or a bracket is not closed',
  BAD_PROP_ORDER: 'an anchor or tag stands in the wrong place',
  BAD_SCALAR_START: 'a value begins with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a value has too much behind its colon; put nested keys on lines of their own',
  BLOCK_IN_FLOW: 'an indented block stands inside { } or [ ]',
  DUPLICATE_KEY: 'a key appears twice',
  IMPOSSIBLE: 'it cannot be read',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters',
  MISSING_CHAR: 'a character is missing: a quote, bracket, comma or colon',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is a colon missing?',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'it holds several documents (---)',
  MULTIPLE_TAGS: 'a value has two tags',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  NON_STRING_KEY: 'a key is not text',
  TAB_AS_INDENT: 'a line is indented with tabs; use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is unknown',
  UNEXPECTED_TOKEN: 'something stands where nothing can',
};
