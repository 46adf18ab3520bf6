import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLOURED_DOMAINS, domainPalette, thin } from './index.ts';
import { shareClasses } from './share-classes.ts';

test('thinning keeps both ends, the order and at most the limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 80 }), (length, limit) => {
      const items = Array.from({ length }, (_, i) => i);
      const kept = thin(items, limit);
      expect(kept.length).toBe(Math.min(length, limit));
      expect(kept[0]).toBe(0);
      expect(kept[kept.length - 1]).toBe(length - 1);
      expect(new Set(kept).size).toBe(kept.length);
      expect([...kept].sort((a, b) => a - b)).toEqual(kept);
    }),
  );
});

test('each domain keeps its colour; beyond eight they share one', () => {
  const palette = domainPalette(Array.from({ length: 12 }, (_, i) => `d${i}`));
  expect(new Set(palette.values()).size).toBe(COLOURED_DOMAINS + 1);
  expect(palette.get('d0')).toBe(domainPalette(['d0', 'x']).get('d0'));
});

test('classes of shares are few, named by their edges, and hold every share', () => {
  const shares = [0, 0.003, 0.008, 0.015, 0.03, 0.07, 0.15, 0.4, 0.9];
  const { classes, colourOf } = shareClasses(shares);
  expect(classes.length).toBe(5);
  for (const share of shares) expect(classes.map(({ colour }) => colour)).toContain(colourOf(share));
  expect(shareClasses([0.3, 0.3]).classes.map(({ label }) => label)).toEqual(['all shares']);
});
