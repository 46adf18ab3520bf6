import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth } from './label.ts';
import { shareTick } from './number-format.ts';
import { linearTicks, logTicks, rootShareTicks, roundTicks } from './ticks.ts';

const LABEL_SIZE = 12;

test('round ticks are round', () => {
  expect(roundTicks([0, 20e9], 4)).toEqual([0, 5e9, 10e9, 15e9, 20e9]);
  expect(roundTicks([1.93, 3.12], 5)).toEqual([2, 2.5, 3]);
  expect(roundTicks([-0.05, 0.05], 4)).toEqual([-0.05, 0, 0.05]);
});

test('ticks of a linear axis lie on it and leave room for their labels', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.integer({ min: 100, max: 900 }),
      (low, reach, width) => {
        const domain = [low, low + reach] as const;
        const format = (value: number): string => String(Number(value.toPrecision(3)));
        const ticks = linearTicks(domain, width, format);
        const slack = reach * 1e-6;
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - slack);
          expect(tick).toBeLessThanOrEqual(low + reach + slack);
        }
        if (ticks.length > 2) {
          const labels = ticks.reduce((sum, tick) => sum + textWidth(format(tick), LABEL_SIZE), 0);
          expect(labels).toBeLessThanOrEqual(width);
        }
      },
    ),
  );
});

test('ticks of a log axis thin out with its length', () => {
  expect(logTicks([1e9, 1e12], 8)).toEqual([1e9, 3e9, 1e10, 3e10, 1e11, 3e11, 1e12]);
  expect(logTicks([1e9, 1e10], 8)).toEqual([1e9, 2e9, 5e9, 1e10]);
  expect(logTicks([1e-8, 1], 3)).toEqual([1e-6, 1e-3, 1]);
});

test('ticks of a share axis start at 0 and do not touch', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.integer({ min: 120, max: 700 }),
      (largest, width) => {
        const ticks = rootShareTicks(largest, width, shareTick);
        expect(ticks[0]).toBe(0);
        ticks.forEach((tick, i) => {
          if (i === 0) return;
          const distance = (Math.sqrt(tick / largest) - Math.sqrt(ticks[i - 1] / largest)) * width;
          const labels = (textWidth(shareTick(tick), LABEL_SIZE) + textWidth(shareTick(ticks[i - 1]), LABEL_SIZE)) / 2;
          expect(distance).toBeGreaterThanOrEqual(labels);
        });
      },
    ),
  );
});
