/** `corpus.yaml`: which files are which domain, how they are read, and with which tokenizer. */

import path from 'node:path';
import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import { readConfigFile } from '../files/index.ts';
import { parseQuantity } from '../mixture/index.ts';
import type { ReadOptions, TokenDtype } from './documents.ts';
import { expandFiles } from './glob.ts';
import { readerNames } from './readers.ts';

export interface CorpusDomain {
  readonly name: string;
  /** As written; `corpusFiles` expands them. */
  readonly patterns: readonly string[];
  readonly read: ReadOptions;
  /** Tokens available for training, where stated. */
  readonly available: number | null;
  readonly where: Place;
}

export interface Corpus {
  readonly path: string;
  /** What patterns are relative to. */
  readonly folder: string;
  /** As written; the path of a tokenizer file is made relative to the working folder. Null where left out. */
  readonly tokenizer: string | null;
  /** In the file's order. */
  readonly domains: readonly CorpusDomain[];
}

const KEYS = ['tokenizer', 'domains'];
const DOMAIN_KEYS = ['files', 'text', 'format', 'dtype', 'eos', 'available'];
const DTYPES: readonly TokenDtype[] = ['u16', 'u32', 'i32', 'i64'];
const EXAMPLE = 'For example:\ndomains:\n  books: {files: ["books/*.jsonl.zst"]}';

/**
 * Reads a corpus file:
 *
 * ```yaml
 * tokenizer: gpt2
 * domains:
 *   books: {files: ["books/*.jsonl.zst"], text: text}
 *   code: {files: "code/part-*.bin", format: nanogpt, dtype: u16, eos: 50256, available: 12B}
 * ```
 *
 * @throws BimixError `invalid-corpus`, `unknown-key`, `unknown-format`, `invalid-quantity` with line and column, and as
 * `readConfigFile`
 */
export async function readCorpus(file: string): Promise<Corpus> {
  const config = await readConfigFile(file);
  const { tokenizer, domains } = config.value;
  checkKeys(config.value, KEYS, config.place);
  if (tokenizer !== undefined && (typeof tokenizer !== 'string' || tokenizer === '')) {
    throw invalid(`invalid tokenizer: ${JSON.stringify(tokenizer)}, expected text`, config.place('tokenizer'));
  }
  if (!isRecord(domains) || Object.keys(domains).length === 0) {
    const message = domains === undefined ? 'there are none' : 'expected names with files';
    throw invalid(
      `invalid domains in ${file}: ${message}`,
      config.place(...(domains === undefined ? [] : ['domains'])),
      EXAMPLE,
    );
  }
  const folder = path.dirname(file);
  return {
    path: file,
    folder,
    tokenizer: tokenizer === undefined ? null : tokenizerPath(tokenizer, folder),
    domains: Object.entries(domains).map(([name, value]) =>
      domainOf(name, value, (...keys) => config.place('domains', name, ...keys)),
    ),
  };
}

/**
 * The files of each domain.
 *
 * @throws BimixError `missing-files` and others of `expandFiles` with the place of the pattern, `invalid-corpus` when a file
 * is in two domains
 */
export async function corpusFiles(corpus: Corpus): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, readonly string[]>();
  const owner = new Map<string, string>();
  for (const { name, patterns, where } of corpus.domains) {
    const expanded = await expandAt(patterns, corpus.folder, where);
    for (const file of expanded) {
      const other = owner.get(file);
      if (other !== undefined) {
        throw invalid(`invalid domains in ${corpus.path}: ${file} is in "${other}" and in "${name}"`, where);
      }
      owner.set(file, name);
    }
    files.set(name, expanded);
  }
  return files;
}

async function expandAt(patterns: readonly string[], folder: string, where: Place): Promise<readonly string[]> {
  try {
    return await expandFiles(patterns, folder);
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    throw new BimixError(cause.code, cause.message, { hint: cause.hint, where, cause });
  }
}

type PlaceOf = (...keys: (string | number)[]) => Place;

function domainOf(name: string, value: unknown, place: PlaceOf): CorpusDomain {
  if (!isRecord(value)) {
    throw invalid(`invalid domain "${name}": ${JSON.stringify(value)}, expected its files`, place(), EXAMPLE);
  }
  checkKeys(value, DOMAIN_KEYS, place);
  const patterns = typeof value.files === 'string' ? [value.files] : value.files;
  if (!isTextList(patterns)) {
    const message = `invalid files of "${name}": ${JSON.stringify(value.files) ?? 'none'}, expected paths or patterns`;
    throw invalid(message, place(...('files' in value ? ['files'] : [])), EXAMPLE);
  }
  return {
    name,
    patterns,
    read: readOptionsOf(name, value, place),
    available: availableOf(name, value.available, place),
    where: place('files'),
  };
}

function readOptionsOf(name: string, value: Readonly<Record<string, unknown>>, place: PlaceOf): ReadOptions {
  const { text, format, dtype, eos } = value;
  if (text !== undefined && (typeof text !== 'string' || text === '')) {
    throw invalid(`invalid text of "${name}": ${JSON.stringify(text)}, expected the name of a field`, place('text'));
  }
  const names = readerNames();
  if (format !== undefined && !names.includes(String(format))) {
    throw new BimixError('unknown-format', `unknown format of "${name}": ${JSON.stringify(format)}`, {
      hint: didYouMean(String(format), names),
      where: place('format'),
    });
  }
  if (dtype !== undefined && !DTYPES.includes(dtype as TokenDtype)) {
    throw invalid(
      `invalid dtype of "${name}": ${JSON.stringify(dtype)}, expected ${DTYPES.join(', ')}`,
      place('dtype'),
    );
  }
  if (eos !== undefined && !(Number.isSafeInteger(eos) && (eos as number) >= 0)) {
    throw invalid(`invalid eos of "${name}": ${JSON.stringify(eos)}, expected a token id`, place('eos'));
  }
  return {
    ...(text === undefined ? {} : { text }),
    ...(format === undefined ? {} : { format: String(format) }),
    ...(dtype === undefined ? {} : { dtype: dtype as TokenDtype }),
    ...(eos === undefined ? {} : { eos: eos as number }),
  };
}

function availableOf(name: string, value: unknown, place: PlaceOf): number | null {
  if (value === undefined) return null;
  const what = `tokens available of "${name}"`;
  try {
    return parseQuantity(typeof value === 'number' ? value : String(value), what);
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    throw new BimixError(cause.code, cause.message, { hint: cause.hint, where: place('available'), cause });
  }
}

/** A name such as `gpt2`, or the path of a file beside the corpus file. */
function tokenizerPath(tokenizer: string, folder: string): string {
  return /[\\/]|\.json$/.test(tokenizer) && !path.isAbsolute(tokenizer) ? path.join(folder, tokenizer) : tokenizer;
}

function checkKeys(value: Readonly<Record<string, unknown>>, known: readonly string[], place: PlaceOf): void {
  const unknown = Object.keys(value).find(key => !known.includes(key));
  if (unknown === undefined) return;
  throw new BimixError('unknown-key', `unknown key "${unknown}"`, {
    hint: didYouMean(unknown, known),
    where: place(unknown),
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string' && item !== '');
}

function invalid(message: string, where: Place, hint = ''): BimixError {
  return new BimixError('invalid-corpus', message, { hint, where });
}
