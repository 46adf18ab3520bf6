import { expect, test } from 'vitest';
import { checkCompression } from './compression.ts';
import { inputFile } from './input-file.ts';

const HEADS = {
  xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4],
  bzip2: [...Buffer.from('BZh91AY&SY')],
  lz4: [0x04, 0x22, 0x4d, 0x18, 0x64],
  zip: [...Buffer.from('PK\x03\x04')],
} as const;

test.each(Object.entries(HEADS))('%s is named, with the command that makes it readable', (name, head) => {
  expect(() => checkCompression('a.jsonl.xz', Uint8Array.from(head), 'zst')).toThrow(
    expect.objectContaining({
      code: 'unknown-compression',
      message: `unknown compression of a.jsonl.xz: it is ${name}`,
      hint: expect.stringMatching(/^bimix reads plain, gz and zst files\. Convert it: .* \| zstd -o a\.jsonl\.zst$/),
    }),
  );
});

test('a table may be gzip, not zstd', () => {
  expect(() => inputFile('t.csv.zst', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0))).toThrow(
    expect.objectContaining({
      message: 'unknown compression of t.csv.zst: it is zstd',
      hint: 'bimix reads plain and gz files. Convert it: zstd -dc t.csv.zst | gzip > t.csv.gz',
    }),
  );
});

test('text that begins alike is text', () => {
  expect(() => inputFile('t.csv', Buffer.from('BZh,PK\n1,2\n'))).not.toThrow();
  expect(() => checkCompression('t.txt', new Uint8Array(0), 'zst')).not.toThrow();
});
