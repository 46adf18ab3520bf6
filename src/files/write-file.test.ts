import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkOutputFile, makeFolder, writeWholeFile } from './write-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writing a file', () => {
  test('takes text, bytes and pieces', async () => {
    const file = path.join(folder, 'a');
    await writeWholeFile(file, 'text');
    expect(readFileSync(file, 'utf8')).toBe('text');
    await writeWholeFile(file, Uint8Array.from([1, 0, 2]));
    expect(Array.from(readFileSync(file))).toEqual([1, 0, 2]);
    const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${'x'.repeat(1000)}\n`);
    await writeWholeFile(file, lines);
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    await writeWholeFile(file, []);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('leaves the old file and nothing else when the content fails half-way', async () => {
    const file = path.join(folder, 'a');
    await writeWholeFile(file, 'old');
    function* failing() {
      yield 'x'.repeat(2_000_000);
      throw new Error('no more');
    }
    await expect(writeWholeFile(file, failing())).rejects.toThrow('no more');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('names the file and the trouble when its folder is missing or it is a folder itself', async () => {
    await expect(writeWholeFile(path.join(folder, 'none', 'a'), 'x')).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringMatching(/its folder does not exist$/),
    });
    await expect(checkOutputFile(path.join(folder, 'none', 'a'))).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringMatching(/its folder does not exist$/),
    });
    await checkOutputFile(path.join(folder, 'a'));
    mkdirSync(path.join(folder, 'b'));
    await expect(writeWholeFile(path.join(folder, 'b'), 'x')).rejects.toMatchObject({ code: 'invalid-output' });
    expect(readdirSync(folder)).toEqual(['b']);
  });
});

test('folders are made with those above them; a file in the way is named', async () => {
  await makeFolder(path.join(folder, 'a', 'b'));
  await makeFolder(path.join(folder, 'a', 'b'));
  await writeWholeFile(path.join(folder, 'a', 'b', 'c'), 'x');
  await expect(makeFolder(path.join(folder, 'a', 'b', 'c'))).rejects.toMatchObject({
    code: 'invalid-output',
    message: expect.stringMatching(/^invalid output folder .*: it is a file$/),
  });
});
