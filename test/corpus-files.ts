/** Corpora in every format, written byte by byte as their formats say, and read back whole. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { type DocumentFile, openDocuments, type ReadOptions } from '../src/corpus/index.ts';
import { BimixError } from '../src/errors/index.ts';

/** A folder that goes when the tests of a file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-corpus-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

export type Documents = readonly (string | readonly number[])[];

/** All documents of a file, checking what every batch promises. */
export async function documentsOf(file: DocumentFile): Promise<(string | number[])[]> {
  const documents: (string | number[])[] = [];
  if (file.kind === 'text') {
    for await (const { texts } of file.batches()) {
      expect(texts.length).toBeGreaterThan(0);
      documents.push(...texts);
    }
    return documents;
  }
  let open: number[] = [];
  for await (const { tokens, ends, continues } of file.batches()) {
    let start = 0;
    ends.forEach((end, index) => {
      expect(end).toBeGreaterThan(start);
      open.push(...tokens.subarray(start, end));
      start = end;
      if (index === ends.length - 1 && continues) return;
      documents.push(open);
      open = [];
    });
    expect(start).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThan(0);
  }
  expect(open).toEqual([]);
  return documents;
}

export async function readDocuments(path: string, options: ReadOptions = {}): Promise<(string | number[])[]> {
  return documentsOf(await openDocuments(path, options));
}

/** Reads a file whole, in small batches and in parts, and expects these documents each time. */
export async function expectDocuments(path: string, documents: Documents, options: ReadOptions = {}): Promise<void> {
  expect(await readDocuments(path, options)).toEqual(documents);
  for (const batchBytes of [1, 7, 64, 1000]) {
    expect(await readDocuments(path, { ...options, batchBytes })).toEqual(documents);
  }
  const file = await openDocuments(path, options);
  for (const count of [1, 2, 3, 10, 50]) {
    const parts = await file.parts(count);
    expect(parts.length).toBeLessThanOrEqual(count);
    expect(await file.parts(count)).toEqual(parts);
    const read: (string | number[])[] = [];
    let bytes = 0;
    for (const part of parts) {
      const opened = await openDocuments(path, { ...options, part });
      read.push(...(await documentsOf(opened)));
      bytes += opened.bytes;
      expect(opened.bytesRead()).toBe(opened.bytes);
    }
    expect(read).toEqual(documents);
    expect(bytes).toBe(file.bytes);
  }
}

/** What a file is refused with, while it is opened or read. */
export async function refusalOf(path: string, options: ReadOptions = {}): Promise<BimixError> {
  try {
    await readDocuments(path, options);
  } catch (error) {
    if (!(error instanceof BimixError)) throw error;
    expect(error.message.startsWith(error.code.split('-')[0])).toBe(true);
    expect(error.where.file ?? error.message).toContain(path.replace(/\.[^./]*$/, '').slice(0, 8));
    return error;
  }
  throw new Error(`${path} was read`);
}

/** Writes a file and returns its path. */
export function fileIn(folder: string, name: string, content: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

export const u16 = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
export const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
export const i32 = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
export const u64 = (...values: number[]): Buffer => Buffer.from(BigUint64Array.from(values, BigInt).buffer);

/** Ids that look like text: many are above 16, none is 0. */
export function plausibleIds(count: number, vocabulary: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + (state % (vocabulary - 1));
  });
}

/** Documents of these lengths. */
export function plausibleDocuments(lengths: readonly number[], vocabulary: number): number[][] {
  return lengths.map((length, index) => plausibleIds(length, vocabulary, index + 1));
}

/** A zstd frame of blocks that are not compressed (RFC 8878), without a checksum. */
export function storedFrame(content: Uint8Array, blockBytes = 100): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const isLast = at + blockBytes >= content.length;
    const head = Buffer.alloc(4);
    head.writeUInt32LE((block.length << 3) | (isLast ? 1 : 0));
    parts.push(head.subarray(0, 3), Buffer.from(block));
  }
  return Buffer.concat(parts);
}

/** A skippable zstd frame. */
export function skippableFrame(content: Uint8Array): Buffer {
  return Buffer.concat([u32(0x184d2a53, content.length), content]);
}
