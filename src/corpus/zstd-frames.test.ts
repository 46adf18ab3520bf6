import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { skippableFrame, storedFrame } from '../../test/corpus-files.ts';
import { isZstd, zstdContent } from './zstd-frames.ts';

/** What `zstd -3 < streamed.jsonl` and `zstd -19 sized.jsonl` (zstd 1.5.4) were given. */
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const text = `document ${from + i}: ${'the quick brown fox, '.repeat((from + i) % 40)}`;
    return `${JSON.stringify({ text })}\n`;
  }).join('');

const streamed = readFileSync(new URL('../../test/corpus/streamed.jsonl.zst', import.meta.url));
const sized = readFileSync(new URL('../../test/corpus/sized.jsonl.zst', import.meta.url));

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decoded(bytes: Uint8Array, size = 1000): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of zstdContent(pieces(bytes, size), 'a.zst')) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('a zstd stream', () => {
  test('is what zstd compressed, in pieces of any size', async () => {
    for (const size of [1, 17, 5000]) {
      expect(await decoded(streamed, size)).toBe(lines(0, 700));
      expect(await decoded(sized, size)).toBe(lines(700, 1000));
    }
  });

  test('goes on over all frames, skippable, stored and empty ones too', async () => {
    const frames = [
      skippableFrame(Buffer.from('index')),
      streamed,
      sized,
      storedFrame(Buffer.alloc(0)),
      skippableFrame(Buffer.alloc(0)),
      storedFrame(Buffer.from('end'.repeat(100))),
      skippableFrame(Buffer.alloc(3000)),
    ];
    for (const size of [1, 17, 5000]) {
      expect(await decoded(Buffer.concat(frames), size)).toBe(`${lines(0, 1000)}${'end'.repeat(100)}`);
    }
  });

  test('is never held: memory does not grow with a frame', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held = () => {
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const block = storedFrame(Buffer.alloc(65_536, 'text'), 65_536).subarray(6);
    block[0] &= ~1;
    async function* frame() {
      yield storedFrame(Buffer.alloc(0)).subarray(0, 6);
      for (let i = 0; i < 3000; i++) yield Uint8Array.from(block);
      yield Uint8Array.of(1, 0, 0);
    }
    const before = held();
    let [size, most] = [0, 0];
    for await (const chunk of zstdContent(frame(), 'a.zst')) {
      size += chunk.length;
      if (size % (100 * 65_536) === 0) most = Math.max(most, held() - before);
    }
    expect(size).toBe(3000 * 65_536);
    expect(most).toBeLessThan(48_000_000);
  });

  test('is told by its first bytes', () => {
    expect([streamed, sized, skippableFrame(Buffer.from('x'))].every(isZstd)).toBe(true);
    expect([Buffer.from('{"text"'), Buffer.alloc(3), Buffer.alloc(0)].some(isZstd)).toBe(false);
  });

  test('of one block that repeats a byte is read', async () => {
    // (200 << 3) + (type 1 << 1) + last
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x43, 0x06, 0x00, 97]);
    expect(await decoded(frame)).toBe('a'.repeat(200));
  });

  test('is refused wherever it is cut', async () => {
    const whole = Buffer.concat([streamed, skippableFrame(Buffer.from('abc')), sized]);
    const ends = [0, streamed.length, streamed.length + 11, whole.length];
    for (let end = 1; end < whole.length; end += 7) {
      if (ends.includes(end)) continue;
      const error = await decoded(whole.subarray(0, end)).catch(error => error);
      expect(error).toMatchObject({ code: 'invalid-zstd', where: { file: 'a.zst' } });
      expect(error.where.byte).toBeLessThanOrEqual(end);
    }
    await expect(decoded(sized.subarray(0, 500))).rejects.toMatchObject({
      message: 'invalid zstd file a.zst: it is truncated',
      where: { byte: 500 },
    });
  });

  test('is refused when a bit of it has changed', async () => {
    const content = lines(700, 1000);
    for (let at = 0; at < sized.length; at += 3) {
      const damaged = Uint8Array.from(sized);
      damaged[at] ^= 1 << (at % 8);
      const outcome = await decoded(damaged).catch(error => error);
      // Some bits mean nothing to the content.
      if (outcome !== content) expect(outcome).toMatchObject({ code: 'invalid-zstd' });
    }
  });

  test.each([
    ['something else', Buffer.from('not zstd at all'), 0, /does not begin with a frame/],
    [
      'something after its last frame',
      Buffer.concat([sized, Buffer.from('junk')]),
      sized.length,
      /that is not a frame/,
    ],
    ['one byte after its last frame', Buffer.concat([sized, Buffer.from('j')]), sized.length, /that is not a frame/],
    ['a dictionary', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x58, 7, 1, 0, 0]), 4, /needs a dictionary/],
    ['a window of 2 GiB', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]), 4, /needs a window of 2048 MiB/],
    ['a block of no type', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 7, 0, 0]), 6, /of no known type/],
    ['a block too large', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 1, 0, 0x20]), 6, /is too large/],
    ['a reserved bit', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x08, 0x58, 1, 0, 0]), 4, /reserved bit/],
    [
      'another size than its header says',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 2, 9, 0, 0, 97]),
      0,
      /holds 1 bytes, its header says 2/,
    ],
  ])('is refused with %s', async (_, bytes, byte, message) => {
    await expect(decoded(bytes)).rejects.toMatchObject({
      code: 'invalid-zstd',
      message: expect.stringMatching(message),
      where: { file: 'a.zst', byte },
    });
  });
});
