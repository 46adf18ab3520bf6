import { expect, test } from 'vitest';
import { countOf, percent, significant } from './number-text.ts';

test('one run is not "1 runs"', () => {
  expect([0, 1, 2].map(count => countOf(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs']);
});

test('nothing has no sign', () => {
  expect(percent(-0.00001)).toBe('0.00 %');
  expect(percent(-0.0123)).toBe('-1.23 %');
});

test('what no coefficient means prints as 0', () => {
  expect(significant(-1.6e-196)).toBe('0');
});
