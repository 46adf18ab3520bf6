import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimix } from '../laws/index.ts';
import { lineTitles } from './watch-text.ts';

test('a name too long for its column is shown to be cut', () => {
  const fitted = fitLaw(simulateTable(TRUE_BIMIX, { runs: 6 }), bimix);
  const [first, ...rest] = fitted.targets;
  const titles = lineTitles({ ...fitted, targets: [{ ...first, target: 'commoncrawl' }, ...rest] }, 20e9);
  expect(stripVTControlCharacters(titles)).toMatch(/^ +tokens commoncra… +code/);
});
