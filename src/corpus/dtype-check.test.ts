import { describe, expect, test } from 'vitest';
import { i32, plausibleIds, u16, u32, u64 } from '../../test/corpus-files.ts';
import { impliedDtype } from './dtype-check.ts';

/** Every id has its own share of small and large values. */
const zipf = (count: number, vocabulary: number) =>
  plausibleIds(count, 1_000_003).map(id => Math.floor(vocabulary ** (id / 1_000_003)) - 1);

describe('the type of ids', () => {
  test.each([50, 257, 50_257, 65_535])('of a vocabulary of %i shows as u16, u32 or i64', vocabulary => {
    for (const ids of [plausibleIds(400, vocabulary), zipf(2000, vocabulary)]) {
      expect(impliedDtype(u16(...ids))).toBe('u16');
      expect(impliedDtype(u32(...ids))).toBe('u32');
      expect(impliedDtype(i32(...ids))).toBe('u32');
      expect(impliedDtype(u64(...ids))).toBe('i64');
    }
  });

  test.each([128_256, 262_144])('of a vocabulary of %i shows as u32 or i64', vocabulary => {
    for (const ids of [plausibleIds(400, vocabulary), zipf(2000, vocabulary)]) {
      expect(impliedDtype(u32(...ids))).toBe('u32');
      expect(impliedDtype(u64(...ids))).toBe('i64');
    }
  });

  test('does not show in a few ids, or in small ones', () => {
    expect(impliedDtype(u16(...plausibleIds(10, 50_257)))).toBeUndefined();
    expect(impliedDtype(u32(...plausibleIds(10, 50_257)))).toBeUndefined();
    expect(impliedDtype(u16(...plausibleIds(1000, 16)))).toBeUndefined();
    expect(impliedDtype(new Uint8Array(0))).toBeUndefined();
  });

  test('shows in spite of padding', () => {
    const ids = plausibleIds(200, 50_257);
    expect(impliedDtype(u16(...ids, ...Array(20_000).fill(0)))).toBe('u16');
    expect(impliedDtype(u32(...ids, ...Array(20_000).fill(0)))).toBe('u32');
  });
});
