import { describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  i32,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
  u64,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const EOS = 40_000;
const DOCUMENTS = plausibleDocuments([30, 200, 7], EOS);
const ids = DOCUMENTS.flatMap(document => [...document, EOS]);

/** As NumPy's format.py writes it: the header padded with spaces to a multiple of 64 bytes, ended by a line feed. */
function npyFile(descr: string, data: Uint8Array, shape = `(${ids.length},)`, version = 1, fortran = 'False'): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const prefix = version === 1 ? 10 : 12;
  const header = `${dict.padEnd(Math.ceil((prefix + dict.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const length = version === 1 ? u16(header.length) : u32(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    data,
  ]);
}

describe('a NumPy file', () => {
  test.each([
    ['<u2', u16],
    ['<u4', u32],
    ['<i4', i32],
    ['<i8', u64],
    ['<u8', u64],
  ] as const)('of type %s is read', async (descr, bytes) => {
    for (const version of [1, 2, 3]) {
      const path = fileIn(folder, 'a.npy', npyFile(descr, bytes(...ids), undefined, version));
      await expectDocuments(path, DOCUMENTS, { eos: EOS });
      expect(await openDocuments(path)).toMatchObject({ format: 'npy', tokens: ids.length });
    }
  });

  test('in Fortran order is the same in one dimension', async () => {
    const path = fileIn(folder, 'f.npy', npyFile('<u2', u16(...ids), undefined, 1, 'True'));
    await expectDocuments(path, [ids]);
  });

  test('is read as such where olmo-npy was stated', async () => {
    const path = fileIn(folder, 'o.npy', npyFile('<i8', u64(...ids)));
    expect((await openDocuments(path, { format: 'olmo-npy' })).format).toBe('npy');
    await expectDocuments(path, DOCUMENTS, { format: 'olmo-npy', eos: EOS });
  });

  const whole = npyFile('<u2', u16(...ids));

  test.each([
    ['big-endian ids', npyFile('>u2', u16(...ids)), 10, /its type is >u2/],
    ['floats', npyFile('<f4', u32(...ids)), 10, /its type is <f4/],
    ['signed 16-bit ids', npyFile('<i2', u16(...ids)), 10, /its type is <i2/],
    ['two dimensions', npyFile('<u2', u16(...ids), '(2, 120)'), 10, /its shape is \(2, 120\)/],
    ['no dimension', npyFile('<u2', u16(1), '()'), 10, /its shape is \(\)/],
    ['ids cut off', whole.subarray(0, -2), whole.length - 2, /says 240 ids of u16, 608 bytes; it has 606/],
    ['something after them', Buffer.concat([whole, u16(1)]), whole.length, /it has 610/],
    ['a cut header', whole.subarray(0, 50), 50, /header is cut off/],
    ['a cut prefix', whole.subarray(0, 9), 9, /header is cut off/],
    ['another version', Buffer.from(whole).fill(9, 6, 7), 6, /of version 9/],
    ['a broken header', Buffer.from(whole).fill('x', 10, 60), 10, /names no type or shape/],
  ])('is refused with %s', async (_, bytes, byte, message) => {
    const path = fileIn(folder, 'bad.npy', bytes);
    expect(await refusalOf(path)).toMatchObject({
      code: 'invalid-npy',
      message: expect.stringMatching(message),
      where: { file: path, byte },
    });
  });

  test('without a header is refused where npy was stated, naming the way out', async () => {
    const error = await refusalOf(fileIn(folder, 'raw.npy', u16(...ids)), { format: 'npy' });
    expect(error).toMatchObject({ code: 'invalid-npy', hint: 'If it is bare ids, "format: olmo-npy".' });
  });

  test('with negative or huge ids is refused at their byte', async () => {
    const long = Buffer.from(BigInt64Array.from([5n, 7n, -1n]).buffer);
    expect(await refusalOf(fileIn(folder, 'n.npy', npyFile('<i8', long, '(3,)')))).toMatchObject({
      message: expect.stringMatching(/^invalid token id negative or above 32 bits/),
      where: { byte: 128 + 16 },
    });
    expect(await refusalOf(fileIn(folder, 'h.npy', npyFile('<u4', u32(5, 1_048_576), '(2,)')))).toMatchObject({
      code: 'invalid-tokens',
      where: { byte: 128 + 4 },
    });
  });

  test('without ids is empty', async () => {
    for (const bytes of [npyFile('<u2', u16(), '(0,)'), Buffer.alloc(0)]) {
      expect(await refusalOf(fileIn(folder, 'e.npy', bytes), { format: 'npy' })).toMatchObject({
        code: 'invalid-file',
      });
    }
  });
});
