import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fileIn, storedFrame, temporaryFolder } from '../../test/corpus-files.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import type { Meter } from './source-file.ts';

const folder = temporaryFolder();

async function content(path: string, meter: Meter = { bytes: 0 }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fileContent(path, await inspectFile(path), meter)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Random digits, which gzip cannot make small. */
const digits = (length: number) => Array.from({ length }, (_, i) => (i * i * 7919 + i) % 10).join('');

describe('the content of a file', () => {
  test('is itself, or unpacked when it is gzip or zstd, whatever its name', async () => {
    const text = digits(400_000);
    const plain = fileIn(folder, 'a', text);
    const gzip = fileIn(folder, 'b', gzipSync(text));
    const zstd = fileIn(folder, 'c', storedFrame(Buffer.from(text)));
    for (const path of [plain, gzip, zstd]) {
      const meter = { bytes: 0 };
      expect(await content(path, meter)).toBe(text);
      expect(meter.bytes).toBe((await inspectFile(path)).size);
    }
  });

  test('of gzip is that of all members, and ends with zero bytes where a tape was padded', async () => {
    const members = Array.from({ length: 300 }, (_, i) => gzipSync(`member ${i} ${digits(i * 10)}\n`));
    const text = Array.from({ length: 300 }, (_, i) => `member ${i} ${digits(i * 10)}\n`).join('');
    expect(await content(fileIn(folder, 'members.gz', Buffer.concat(members)))).toBe(text);
    expect(await content(fileIn(folder, 'padded.gz', Buffer.concat([...members, Buffer.alloc(1000)])))).toBe(text);
  });

  test('of gzip is refused when cut, within a member or its checksum', async () => {
    const packed = Buffer.concat([gzipSync('one'), gzipSync(digits(1000))]);
    for (const end of [5, packed.length - 20, packed.length - 8, packed.length - 1]) {
      const path = fileIn(folder, 'cut.gz', packed.subarray(0, end));
      await expect(content(path)).rejects.toMatchObject({
        code: 'invalid-gzip',
        message: expect.stringMatching(/it is truncated$/),
        where: { file: path, byte: end },
      });
    }
  });

  test('of gzip is refused when damaged', async () => {
    const packed = gzipSync(digits(200_000), { level: 1 });
    for (const at of [3, 1000, packed.length - 6]) {
      const damaged = Uint8Array.from(packed);
      damaged[at] ^= 0x10;
      await expect(content(fileIn(folder, 'damaged.gz', damaged))).rejects.toMatchObject({ code: 'invalid-gzip' });
    }
  });

  test.each([
    ['text', 'junk after the end', 0],
    ['one byte', 'j', 0],
    ['text behind zeros', '\0\0\0junk', 3],
  ])('of gzip is refused when followed by %s', async (_, junk, zeros) => {
    const packed = gzipSync('text');
    const path = fileIn(folder, 'junk.gz', Buffer.concat([packed, Buffer.from(junk)]));
    const error = await content(path).catch(error => error);
    expect(error).toMatchObject({ code: 'invalid-gzip' });
    if (zeros > 0) expect(error.where.byte).toBe(packed.length + zeros);
  });

  test('of a folder or of nothing is an error in plain words', async () => {
    await expect(inspectFile(folder)).rejects.toMatchObject({ code: 'invalid-file', message: /folder/ });
    await expect(inspectFile(`${folder}/none`)).rejects.toMatchObject({ code: 'missing-file' });
  });
});
