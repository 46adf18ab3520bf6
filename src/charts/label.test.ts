import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, shortLabel, textWidth } from './label.ts';
import { spreadLabels } from './label-column.ts';

test('a label is never wider than its room, and whole where it fits', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.integer({ min: 60, max: 300 }), (name, width) => {
      const label = shortLabel(name, width, 12);
      expect(textWidth(label, 12)).toBeLessThanOrEqual(width);
      const text = cleanText(name).replace(/\s+/g, ' ');
      if (textWidth(text, 12) <= width) expect(label).toBe(text);
    }),
  );
});

test('a long name keeps both its ends', () => {
  expect(shortLabel('stackexchange/programming-questions-2024', 120, 12)).toMatch(/^stackex.*….*2024$/u);
});

test('control characters and lone surrogates become U+FFFD, letters of any script stay', () => {
  expect(cleanText('a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
  expect(cleanText('語言 🙂 é')).toBe('語言 🙂 é');
});

test('spread labels keep their order and their distance, and stay within where they fit', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 }), wanted => {
      const placed = spreadLabels(wanted, 15, 0, 300);
      const sorted = [...placed].sort((a, b) => a - b);
      sorted.forEach((y, i) => {
        if (i > 0) expect(y - sorted[i - 1]).toBeGreaterThanOrEqual(15 - 1e-9);
      });
      expect(sorted[0]).toBeGreaterThanOrEqual(-1e-9);
      expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(300 + 1e-9);
      wanted.forEach((a, i) => {
        wanted.forEach((b, j) => {
          if (a < b) expect(placed[i]).toBeLessThan(placed[j]);
        });
      });
    }),
  );
});
