import { describe, expect, test } from 'vitest';
import type { RunTable } from './run-table.ts';
import { modelSizes, requireKnownSizes, requireOneSize } from './sizes.ts';

const tableOf = (...sizes: (number | undefined)[]) =>
  ({ runs: sizes.map(size => ({ name: 'a', ...(size === undefined ? {} : { size }) })) }) as unknown as RunTable;

describe('model sizes', () => {
  test('are named once each, ascending, those within half a per cent as one', () => {
    expect(modelSizes(tableOf(310e6, 122e6, 122.5e6, undefined, 680e6, 310e6))).toEqual([122e6, 310e6, 680e6]);
    expect(modelSizes(tableOf(undefined))).toEqual([]);
  });

  test('are one, or unknown, or the choice is the user’s', () => {
    expect(requireOneSize(tableOf(122e6, 122e6))).toBe(122e6);
    expect(requireOneSize(tableOf(undefined, undefined))).toBeUndefined();
    expect(() => requireOneSize(tableOf(122e6, 310e6))).toThrow(
      expect.objectContaining({
        code: 'ambiguous-size',
        message: 'ambiguous model size: the table has 122M, 310M',
        hint: "A law is fitted to one size. Pass --where 'size=122M' or --where 'size=310M'.",
      }),
    );
    expect(() => requireOneSize(tableOf(122e6, undefined))).toThrow(/122M, and 1 run of unknown size/);
  });

  test('are all known or all unknown to a law of several', () => {
    expect(() => requireKnownSizes(tableOf(122e6, 310e6))).not.toThrow();
    expect(() => requireKnownSizes(tableOf(undefined, undefined))).not.toThrow();
    expect(() => requireKnownSizes(tableOf(122e6, undefined, 310e6))).toThrow(
      'missing model size of 1 run, "a" for one: the others have theirs',
    );
  });
});
