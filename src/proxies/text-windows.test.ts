import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizedBytes, shareSeen, WINDOW, windowsOf } from './text-windows.ts';

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('normalized text', () => {
  test('forgets runs of white space and the case of A to Z, and nothing else', () => {
    expect(textOf(normalizedBytes('\n  The\t WHITE \r\n Whale, ÄÖ 鯨 \u00a0 '))).toBe('the white whale, ÄÖ 鯨 \u00a0');
  });

  test('agrees with a regular expression', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', 'é', ' ', '\n', '\t', '鯨') }), text => {
        const expected = text
          .replace(/[ \n\t]+/g, ' ')
          .replace(/^ | $/g, '')
          .replace(/[A-Z]/g, letter => letter.toLowerCase());
        expect(textOf(normalizedBytes(text))).toBe(expected);
      }),
    );
  });
});

describe('windows', () => {
  const bytes = fc.uint8Array({ minLength: WINDOW, maxLength: 600 });

  test('are the same wherever in a text they stand', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (before, middle, after) => {
        const whole = windowsOf(Uint8Array.of(...before, ...middle, ...after));
        expect(shareSeen(windowsOf(middle), whole)).toBe(windowsOf(middle).size === 0 ? 0 : 1);
      }),
    );
  });

  test('are an eighth of all, and of two random texts none is shared', () => {
    const random = (seed: number) => {
      let state = seed;
      return Uint8Array.from({ length: 80_000 }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state >>> 24;
      });
    };
    const [first, second] = [windowsOf(random(1)), windowsOf(random(2))];
    expect(first.size / 80_000).toBeCloseTo(1 / 8, 2);
    expect(shareSeen(first, second)).toBeLessThan(1e-4);
  });

  test('there are none of a text shorter than one', () => {
    expect(windowsOf(new Uint8Array(WINDOW - 1)).size).toBe(0);
  });
});
