import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { wordDocuments, writeDocuments } from '../../test/proxy-text.ts';
import { documentTokens } from './document-tokens.ts';
import { firstTokens, LONGEST_PIECE, pieceOf, readTokenPool, type TokenPool } from './token-pool.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const encoder = await documentTokens();

function piecesOf(pool: TokenPool): string[] {
  return Array.from(pool.ends, (_, piece) => Buffer.from(pieceOf(pool, piece)).toString());
}

test('a pool has every document once, in the order of the files', async () => {
  const texts = wordDocuments('prose', 30, 20, 1);
  const file = writeDocuments(path.join(folder, 'prose.jsonl'), texts);
  expect(piecesOf(await readTokenPool('prose', [file], encoder))).toEqual(texts.map(text => `${text}\0`));
});

test('a document beyond the longest piece is several, with one end', async () => {
  const file = path.join(folder, 'long.txt');
  const text = 'abcdefg'.repeat(2000);
  writeFileSync(file, text);
  const pieces = piecesOf(await readTokenPool('long', [file], encoder));
  expect(pieces.join('')).toBe(`${text}\0`);
  expect(Math.max(...pieces.map(piece => piece.length))).toBe(LONGEST_PIECE);
});

test('fewer first tokens are among more, and the last piece is cut', async () => {
  const file = writeDocuments(path.join(folder, 'code.jsonl'), wordDocuments('code', 40, 20, 2));
  const pool = await readTokenPool('code', [file], encoder);
  const all = piecesOf(firstTokens('code', pool, Number.MAX_SAFE_INTEGER));
  expect(all.toSorted()).toEqual(piecesOf(pool).toSorted());
  expect(all).not.toEqual(piecesOf(pool));
  const whole = all.join('');
  for (const count of [1, 77, 500, 1000]) {
    const { tokens } = firstTokens('code', pool, count);
    expect(Buffer.from(tokens).toString()).toBe(whole.slice(0, count));
  }
});

test('files without text are refused with the name of the domain', async () => {
  const file = writeDocuments(path.join(folder, 'empty.jsonl'), ['', '\0']);
  await expect(readTokenPool('void', [file], encoder)).rejects.toMatchObject({
    code: 'invalid-domain',
    message: expect.stringContaining('"void"'),
  });
});

test('token files are refused', async () => {
  const file = path.join(folder, 'train.npy');
  writeFileSync(file, Buffer.concat([npyHeader(), Buffer.alloc(8)]));
  await expect(readTokenPool('web', [file], encoder)).rejects.toMatchObject({ code: 'invalid-domain' });
});

/** Of four unsigned 16-bit numbers. */
function npyHeader(): Buffer {
  const text = "{'descr': '<u2', 'fortran_order': False, 'shape': (4,), }".padEnd(117).concat('\n');
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([text.length, 0]), Buffer.from(text)]);
}
