import { expect, test } from 'vitest';
import { MEAN_OF_RUNS, referenceInWords } from './reference-name.ts';

test('a file or preset is called by its name, the mean of the runs by its article', () => {
  expect(['v1.yaml', 'slimpajama/doremi', MEAN_OF_RUNS].map(referenceInWords)).toEqual([
    'v1.yaml',
    'slimpajama/doremi',
    'the mean of the runs',
  ]);
});
