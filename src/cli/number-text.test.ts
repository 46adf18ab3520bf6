import { expect, test } from 'vitest';
import { countOf } from './number-text.ts';

test('one run is not "1 runs"', () => {
  expect([0, 1, 2].map(count => countOf(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs']);
});
