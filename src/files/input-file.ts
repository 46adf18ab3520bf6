/**
 * An input file in memory: gzip undone, UTF-16 as UTF-8, byte order mark stripped, hashed. Every importer reads from these, so none of
 * them touches the disk.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { BimixError } from '../errors/index.ts';
import { checkCompression } from './compression.ts';
import { readStandardInput, STANDARD_INPUT } from './standard-input.ts';
import { decodeText } from './utf8.ts';

/** Largest file read, after decompression: what Node reads at once. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/** Largest file read as one text, with room to spare below what a JavaScript string can hold. */
const MAX_TEXT_BYTES = 500_000_000;

/** Files below this are kept: they cost less than reading them twice. */
const MIN_RELEASED = 16_000_000;

const NOTHING = new Uint8Array(0);

/** Holds the header line of any table that is read whole. */
const HEAD_BYTES = 1_048_576;

export interface InputFile {
  /** As the user gave it. */
  readonly path: string;
  /** Last part of the path, without `.gz`. */
  readonly name: string;
  /** The content, decompressed. */
  readonly content: Uint8Array;
  /** Of the file as it lies on disk. */
  readonly sha256: string;
  /** Size on disk. */
  readonly bytes: number;
  /**
   * The content as UTF-8 text without a byte order mark.
   *
   * @throws BimixError `invalid-text` with the byte when the content is binary or not UTF-8, `invalid-file` beyond 500 MB
   */
  text(): string;
  /** Lets go of the content of a large file, which is read again from disk should anybody ask for it. */
  release(): void;
  /** The first MiB as text, or undefined when the file is binary; never throws. For recognizing formats. */
  head(): string | undefined;
}

/**
 * Reads a file, or standard input for `-`; plain or gzip (recognized by its first two bytes, whatever its name).
 *
 * @throws BimixError `missing-file`, `invalid-file` (a directory, unreadable, too large) or `invalid-gzip` (truncated, damaged)
 */
export async function readInputFile(path: string): Promise<InputFile> {
  if (path === '-') return inputFile(STANDARD_INPUT, await readStandardInput());
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw tooLarge(path);
    return inputFile(path, await readFile(path), () => readFileSync(path));
  } catch (cause) {
    if (cause instanceof BimixError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new BimixError('missing-file', `missing file ${path}`, { where: { file: path }, cause });
    }
    const why = code === 'EISDIR' ? 'it is a directory' : code === 'EACCES' ? 'no permission to read it' : String(code);
    throw new BimixError('invalid-file', `invalid file ${path}: ${why}`, { where: { file: path }, cause });
  }
}

/**
 * The same from bytes already in memory.
 *
 * @param again reads them once more, after `release`
 * @throws BimixError `invalid-gzip` when the bytes begin like gzip and do not end like it
 */
export function inputFile(path: string, raw: Uint8Array, again?: () => Uint8Array): InputFile {
  checkCompression(path, raw, 'gz');
  const decoded = (bytes: Uint8Array): Uint8Array =>
    asUtf8(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(path, bytes) : bytes);
  let content: Uint8Array | undefined = decoded(raw);
  const held = (): Uint8Array => {
    content ??= decoded(again?.() ?? raw);
    return content;
  };
  const sha256 = createHash('sha256').update(raw).digest('hex');
  const bytes = raw.length;
  let head: { readonly text: string | undefined } | undefined;
  return {
    path,
    name: path.replace(/^.*[\\/]/, '').replace(/\.gz$/i, ''),
    get content() {
      return held();
    },
    sha256,
    bytes,
    text() {
      if (held().length > MAX_TEXT_BYTES) throw tooLarge(path, MAX_TEXT_BYTES);
      return decodeText(path, held());
    },
    head() {
      head ??= { text: decodeHead(held()) };
      return head.text;
    },
    release() {
      if (again === undefined || bytes < MIN_RELEASED) return;
      content = undefined;
      raw = NOTHING;
    },
  };
}

/** UTF-16, as spreadsheets export "Unicode text", becomes UTF-8; its byte order mark tells it. */
function asUtf8(content: Uint8Array): Uint8Array {
  const isLittle = content[0] === 0xff && content[1] === 0xfe;
  const isMarked = isLittle || (content[0] === 0xfe && content[1] === 0xff);
  if (!isMarked || content.length % 2 > 0 || !content.subarray(0, 64).includes(0)) return content;
  return new TextEncoder().encode(new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(content));
}

function decodeHead(content: Uint8Array): string | undefined {
  const head = content.subarray(0, HEAD_BYTES);
  if (head.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return undefined;
  }
}

function gunzip(path: string, raw: Uint8Array): Uint8Array {
  try {
    return gunzipSync(raw, { maxOutputLength: MAX_FILE_BYTES });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path);
    const why = code === 'Z_BUF_ERROR' ? 'it is truncated' : message;
    throw new BimixError('invalid-gzip', `invalid gzip file ${path}: ${why}`, {
      hint: 'Copy or download the file again.',
      where: { file: path },
      cause,
    });
  }
}

function tooLarge(path: string, most = MAX_FILE_BYTES): BimixError {
  return new BimixError('invalid-file', `invalid file ${path}: larger than ${Math.floor(most / 1e6)} MB`, {
    hint: 'Split it, or keep only the checkpoints you need.',
    where: { file: path },
  });
}
