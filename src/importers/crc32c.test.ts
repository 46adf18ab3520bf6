import { expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.ts';

/** RFC 3720, B.4: the checksums are printed there in the order of their bytes. */
const RFC_3720: readonly [name: string, bytes: Uint8Array, crc: number][] = [
  ['32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes, incrementing', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['32 bytes, decrementing', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  [
    'an iSCSI read command',
    Buffer.from(
      '01c00000000000000000000000000000140000000000040000000014000000182800000000000000020000000000000000',
      'hex',
    ).subarray(0, 48),
    0xd9963a56,
  ],
];

test.for(RFC_3720)('CRC-32C of %s is that of RFC 3720', ([, bytes, crc]) => {
  expect(crc32c(bytes)).toBe(crc);
});

test('CRC-32C of the digits 1 to 9 is its check value, of nothing 0', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test('the mask is a rotation by 15 bits and a constant', () => {
  const crc = BigInt(crc32c(Buffer.from('abc')));
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
  expect(BigInt(maskedCrc32c(Buffer.from('abc')))).toBe((rotated + 0xa282ead8n) & 0xffffffffn);
});
