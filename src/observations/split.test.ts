import { describe, expect, test } from 'vitest';
import { BimixError } from '../errors/index.ts';
import type { RunTable } from './run-table.ts';
import { type Fold, isLastOfRun, splitRuns, splitsBySize } from './split.ts';

/** Runs in this order, with checkpoints at volumes 10, 20, ... */
function tableOf(names: readonly string[], checkpoints: (run: number) => number = () => 3): RunTable {
  const rows = names.flatMap((_, run) =>
    Array.from({ length: checkpoints(run) }, (_, i) => ({ run, volume: 10 * (i + 1) })),
  );
  return {
    trainingDomains: ['web'],
    evaluationDomains: ['web'],
    ownDomain: Int32Array.of(0),
    volumeUnit: 'steps',
    runs: names.map(name => ({ name })),
    mixtures: new Float64Array(names.length).fill(1),
    rowRun: Int32Array.from(rows, ({ run }) => run),
    rowVolume: Float64Array.from(rows, ({ volume }) => volume),
    losses: new Float64Array(rows.length).fill(3),
    provenance: { format: 'test', inputs: [], version: '0' },
  };
}

function runsIn(table: RunTable, rows: Int32Array): string[] {
  return [...new Set(Array.from(rows, row => table.runs[table.rowRun[row]].name))];
}

/** Every row of the table is either fitted or predicted, and no run is both. */
function expectWholeRuns(table: RunTable, { train, test: held }: Fold): void {
  expect([...train, ...held].sort((a, b) => a - b)).toEqual(Array.from(table.rowRun, (_, row) => row));
  const trained = runsIn(table, train);
  for (const name of runsIn(table, held)) expect(trained).not.toContain(name);
}

const twelve = tableOf(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);

describe('every:N', () => {
  test('holds out positions 3, 7, 11, ... of the names sorted as strings', () => {
    const { folds, holdsOutRuns } = splitRuns(twelve, 'every:4', 0);
    expect(folds).toHaveLength(1);
    expect(holdsOutRuns).toBe(true);
    // 0 1 10 [11] 2 3 4 [5] 6 7 8 [9]
    expect(runsIn(twelve, folds[0].test).sort()).toEqual(['11', '5', '9']);
    expectWholeRuns(twelve, folds[0]);
  });

  test('orders runs of one name by size', () => {
    const table = tableOf(['a', 'a', 'b', 'b']);
    const sized = { ...table, runs: [70e6, 10e6, 10e6, 70e6].map((size, i) => ({ name: table.runs[i].name, size })) };
    const [{ test: held }] = splitRuns(sized, 'every:2', 0).folds;
    expect([...new Set(Array.from(held, row => sized.rowRun[row]))]).toEqual([0, 3]);
  });
});

describe('kfold:K', () => {
  test('holds every run out once, in groups that differ by one run at most', () => {
    const table = tableOf(Array.from({ length: 17 }, (_, i) => `r${i}`));
    const { folds } = splitRuns(table, 'kfold:5', 3);
    expect(folds).toHaveLength(5);
    const groups = folds.map(fold => {
      expectWholeRuns(table, fold);
      return runsIn(table, fold.test);
    });
    expect(groups.flat().sort()).toEqual(table.runs.map(({ name }) => name).sort());
    expect(groups.map(group => group.length).sort()).toEqual([3, 3, 3, 4, 4]);
  });

  test('is the same for the same seed and another for another', () => {
    const groups = (seed: number) => splitRuns(twelve, 'kfold:3', seed).folds.map(fold => runsIn(twelve, fold.test));
    expect(groups(7)).toEqual(groups(7));
    expect(groups(7)).not.toEqual(groups(8));
  });

  test('is five folds when no number is given', () => {
    expect(splitRuns(twelve, 'kfold', 0).folds).toEqual(splitRuns(twelve, 'kfold:5', 0).folds);
  });
});

describe('draw:N and protocol-2', () => {
  test('fit N runs and predict all others, ten times', () => {
    const { folds } = splitRuns(twelve, 'draw:4', 0);
    expect(folds).toHaveLength(10);
    for (const fold of folds) {
      expectWholeRuns(twelve, fold);
      expect(runsIn(twelve, fold.train)).toHaveLength(4);
    }
    expect(splitRuns(twelve, 'protocol-2', 0).folds).toEqual(folds);
  });

  test('every run is drawn about as often as any other, over seeds too', () => {
    const counts: Record<string, number> = {};
    for (let seed = 0; seed < 100; seed++) {
      for (const { train } of splitRuns(twelve, 'draw:4', 10 * seed).folds) {
        for (const name of runsIn(twelve, train)) counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    // 1000 draws of a third: 333 expected, standard deviation 15.
    for (const count of Object.values(counts)) expect(Math.abs(count - 1000 / 3)).toBeLessThan(4 * 15);
  });
});

describe('splits that hold out late checkpoints', () => {
  const uneven = tableOf(['a', 'b', 'c'], run => [3, 1, 2][run]);

  test('last: the last row of each run', () => {
    const { folds, holdsOutRuns } = splitRuns(uneven, 'last', 0);
    expect(holdsOutRuns).toBe(false);
    expect(folds.map(({ train, test: held }) => [Array.from(train), Array.from(held)])).toEqual([
      [
        [0, 1, 4],
        [2, 3, 5],
      ],
    ]);
    expect([0, 1, 2, 3, 4, 5].filter(row => isLastOfRun(uneven, row))).toEqual([2, 3, 5]);
  });

  test('after:F: rows beyond that part of the largest volume', () => {
    const [{ train, test: held }] = splitRuns(uneven, 'after:0.5', 0).folds;
    expect(Array.from(held)).toEqual([1, 2, 5]);
    expect(Array.from(train)).toEqual([0, 3, 4]);
  });

  test('protocol-1: each run alone; runs of one checkpoint are passed over', () => {
    const { folds } = splitRuns(uneven, 'protocol-1', 0);
    expect(folds.map(({ train, test: held }) => [Array.from(train), Array.from(held)])).toEqual([
      [[0, 1], [2]],
      [[4], [5]],
    ]);
  });
});

describe('size:N and largest-size', () => {
  const sizes = [70e6, 160e6, undefined, 410e6, 160e6];
  const names = ['a', 'b', 'unknown', 'd', 'e'];
  const sized: RunTable = {
    ...tableOf(names),
    runs: names.map((name, run) => {
      const size = sizes[run];
      return size === undefined ? { name } : { name, size };
    }),
  };

  test('predict one size from all smaller ones', () => {
    const [fold] = splitRuns(sized, 'size:410M', 0).folds;
    expect(runsIn(sized, fold.train)).toEqual(['a', 'b', 'e']);
    expect(runsIn(sized, fold.test)).toEqual(['d']);
    expect(splitRuns(sized, 'largest-size', 0).folds).toEqual([fold]);
  });

  test('leave larger runs out', () => {
    const split = splitRuns(sized, 'size:160M', 0);
    expect(runsIn(sized, split.folds[0].train)).toEqual(['a']);
    expect(runsIn(sized, split.folds[0].test)).toEqual(['b', 'e']);
    expect(split.meaning).toBe('runs of 160M parameters, from those of 70M');
  });

  test.each([
    ['size:70M', sized, 'invalid split "size:70M": these runs allow 160M or 410M, the sizes above the smallest'],
    ['size:1B', sized, 'these runs allow 160M or 410M'],
    ['size', sized, 'invalid model size ""'],
    ['largest-size:2', sized, 'largest-size takes no number'],
    ['largest-size', twelve, 'the table has no known model size, and it takes two sizes'],
  ])('%s says why not', (text, table, message) => {
    expect(() => splitRuns(table, text, 0)).toThrowError(message);
  });

  test('are distinguished from other splits', () => {
    expect(['size:70M', 'size', 'largest-size', 'kfold:5', 'sizes', 'last'].map(splitsBySize)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });
});

describe('a split that cannot be made', () => {
  const single = tableOf(['a', 'b', 'c'], () => 1);

  test.each([
    ['kfld:5', 'invalid split "kfld:5": no such split'],
    ['kfold:5:2', 'invalid split "kfold:5:2": these runs allow a whole number from 2 to 12'],
    ['kfold:13', 'these runs allow a whole number from 2 to 12'],
    ['kfold:1', 'these runs allow a whole number from 2 to 12'],
    ['kfold:2.5', 'these runs allow a whole number from 2 to 12'],
    ['kfold:', 'these runs allow a whole number from 2 to 12'],
    ['every:1', 'these runs allow a whole number from 2 to 12'],
    ['draw:12', 'these runs allow a whole number from 1 to 11'],
    ['after', 'the fraction must lie between 0 and 1'],
    ['after:1', 'the fraction must lie between 0 and 1'],
    ['after:half', 'the fraction must lie between 0 and 1'],
    ['last:2', 'last takes no number'],
    ['protocol-2:4', 'protocol-2 takes no number'],
  ])('%s says why', (text, message) => {
    expect(() => splitRuns(twelve, text, 0)).toThrowError(BimixError);
    expect(() => splitRuns(twelve, text, 0)).toThrowError(message);
    expect(() => splitRuns(twelve, text, 0)).toThrowError(
      expect.objectContaining({ code: 'invalid-split', hint: expect.stringMatching(/(kfold|every|draw):5/) }),
    );
  });

  test.each(['last', 'protocol-1', 'after:0.5'])('%s of one-checkpoint runs leaves nothing', text => {
    expect(() => splitRuns(single, text, 0)).toThrowError(
      'with 3 runs and 3 checkpoints it leaves nothing to fit or nothing to predict',
    );
  });

  test('names a number that the runs allow', () => {
    expect(() => splitRuns(single, 'kfold:5', 0)).toThrowError(
      expect.objectContaining({ hint: 'For example --split kfold:3.' }),
    );
    expect(() => splitRuns(tableOf(['a', 'b']), 'kfold:5', 0)).toThrowError('these runs allow 2 only');
    expect(() => splitRuns(tableOf(['a']), 'kfold:5', 0)).toThrowError('there are too few runs for it');
  });

  test('protocol-2 of four runs leaves none to predict', () => {
    expect(() => splitRuns(tableOf(['a', 'b', 'c', 'd']), 'protocol-2', 0)).toThrowError(
      'these runs allow a whole number from 1 to 3',
    );
  });
});
