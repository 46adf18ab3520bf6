import { describe, expect, test } from 'vitest';
import { textTable } from './text-table.ts';

describe('tables for the terminal', () => {
  test('line up, numbers to the right', () => {
    expect(
      textTable(
        ['domain', '>loss'],
        [
          ['web', '2.1'],
          ['code', '12.25'],
        ],
      ).split('\n'),
    ).toEqual(['domain   loss', 'web       2.1', 'code    12.25']);
  });

  test('go on below where they are wider than a terminal, the first column once more', () => {
    const names = Array.from({ length: 17 }, (_, j) => `a_long_domain_${j}`);
    const lines = textTable(
      ['domain', ...names.map(name => `>${name}`)],
      [['web', ...names.map((_, j) => `${j}`)]],
    ).split('\n');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(120);
    expect(lines.filter(line => line.startsWith('domain'))).toHaveLength(3);
    expect(lines.join(' ').match(/a_long_domain_\d+/g)).toEqual(names);
  });

  test('keep one wide column beside the first', () => {
    expect(textTable(['name', 'text'], [['a', 'x'.repeat(200)]]).split('\n')).toHaveLength(2);
  });
});
