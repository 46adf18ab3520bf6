import { expect, test } from 'vitest';
import { TimeLeft } from './time-left.ts';

/** Estimates at `[seconds, done]` of 100 in units of 10, in seconds. */
function estimates(...looks: readonly (readonly [number, number])[]): (number | undefined)[] {
  let now = 0;
  const time = new TimeLeft(() => now);
  return looks.map(([seconds, done]) => {
    now = 1000 * seconds;
    const left = time.after(done, 100, 10);
    return left === undefined ? undefined : left / 1000;
  });
}

test('nothing is said before a unit of work, or a twentieth of all, is done', () => {
  expect(estimates([0, 0], [1, 1], [2, 4], [5, 5])).toEqual([undefined, undefined, undefined, 95]);
});

test('the pace is the mean since the work began to move: a slow start does not count', () => {
  expect(estimates([0, 0], [600, 0], [601, 10], [602, 20])).toEqual([undefined, undefined, 9, 8]);
});

test('work of earlier sessions tells nothing of the pace', () => {
  expect(estimates([0, 80], [1, 80], [3, 90])).toEqual([undefined, undefined, 2]);
});

test('one slow moment hardly moves the estimate', () => {
  const [, , before, after] = estimates([0, 0], [10, 10], [40, 40], [60, 45]);
  expect(before).toBe(60);
  expect(after).toBeCloseTo(73.3, 1);
});

test('nothing is left at the end', () => {
  expect(estimates([0, 0], [10, 100]).at(-1)).toBe(0);
});
