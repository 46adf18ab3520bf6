import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputFile, readInputFile } from './input-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe('an input file', () => {
  test('is read with the hash and size it has on disk', async () => {
    const file = path.join(folder, 'a.csv');
    writeFileSync(file, 'x,y\n1,2\n');
    const input = await readInputFile(file);
    expect(input).toMatchObject({ path: file, name: 'a.csv', bytes: 8 });
    expect(input.sha256).toBe(createHash('sha256').update('x,y\n1,2\n').digest('hex'));
    expect(input.text()).toBe('x,y\n1,2\n');
  });

  test('loses its byte order mark', () => {
    const input = inputFile('a.csv', bytes('\uFEFFx,y\n'));
    expect(input.text()).toBe('x,y\n');
    expect(input.head()).toBe('x,y\n');
  });

  test('is read as UTF-16 where its byte order mark says so', () => {
    const little = Buffer.from('\uFEFFx;y\n\u00fc;2\n', 'utf16le');
    for (const content of [little, Buffer.from(little).swap16()]) {
      const input = inputFile('a.csv', content);
      expect([input.text(), input.head()]).toEqual(['x;y\n\u00fc;2\n', 'x;y\n\u00fc;2\n']);
    }
  });

  test('is unpacked when it is gzip, whatever its name, and hashed packed', () => {
    const packed = gzipSync('x\n1\n');
    for (const name of ['a.csv', 'a.csv.gz']) {
      const input = inputFile(name, packed);
      expect(input.text()).toBe('x\n1\n');
      expect(input.name).toBe('a.csv');
      expect(input.sha256).toBe(createHash('sha256').update(packed).digest('hex'));
    }
  });

  test('may be gzip in several members', () => {
    expect(inputFile('a.gz', Buffer.concat([gzipSync('x\n'), gzipSync('1\n')])).text()).toBe('x\n1\n');
  });

  test('is refused when its gzip is truncated or damaged', () => {
    const packed = gzipSync('x\n1\n'.repeat(1000));
    expect(() => inputFile('a.gz', packed.subarray(0, -9))).toThrow(/^invalid gzip file a.gz: it is truncated/);
    const damaged = Uint8Array.from(packed);
    damaged[20] ^= 255;
    expect(() => inputFile('a.gz', damaged)).toThrow(/^invalid gzip file a.gz: /);
  });

  test('is refused as text when it is binary, naming the byte', () => {
    const input = inputFile('a.csv', bytes('x,y\n1,\0\n'));
    expect(() => input.text()).toThrow(
      expect.objectContaining({ code: 'invalid-text', where: { file: 'a.csv', byte: 6 } }),
    );
    expect(input.head()).toBeUndefined();
  });

  test('is refused as text when it is not UTF-8, naming the byte', () => {
    const input = inputFile('a.csv', Uint8Array.from([0x78, 0x2c, 0xe9, 0x0a, 0x31]));
    expect(() => input.text()).toThrow(
      expect.objectContaining({ code: 'invalid-text', where: { file: 'a.csv', byte: 2 } }),
    );
    expect(input.head()).toBeUndefined();
  });

  test('gives a head that ends within a character', () => {
    const input = inputFile('a.csv', bytes(`a${'é'.repeat(600_000)}`));
    expect(input.head()).toMatch(/^aé+$/);
  });

  test('is missing, or a directory', async () => {
    await expect(readInputFile(path.join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'missing-file' });
    await expect(readInputFile(folder)).rejects.toMatchObject({ code: 'invalid-file' });
  });
});
