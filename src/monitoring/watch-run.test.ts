import { beforeAll, describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/fit-law.ts';
import { bimix, type FittedLaw } from '../laws/index.ts';
import { lossAt, mixtureOfRun, type RunTable, rowCount, selectRuns } from '../observations/index.ts';
import { predictRest } from './predict-rest.ts';
import { type LoggedCheckpoint, watchRun } from './watch-run.ts';

const VOLUMES = Array.from({ length: 12 }, (_, n) => (n + 1) * 1e9);

/** Runs that differ by 0.5 %, checkpoints by 0.2 %; the law is fitted to all but the last. */
let table: RunTable;
let fitted: FittedLaw;
let shares: Float64Array;
let healthy: LoggedCheckpoint[];

beforeAll(() => {
  table = simulateTable(TRUE_BIMIX, { runs: 30, volumes: VOLUMES, runNoise: 0.005, rowNoise: 0.002, seed: 3 });
  fitted = fitLaw(
    selectRuns(table, run => run < 29),
    bimix,
    { uncertainty: true },
  );
  shares = mixtureOfRun(table, 29);
  healthy = checkpointsOf(29);
});

function checkpointsOf(run: number): LoggedCheckpoint[] {
  return Array.from({ length: rowCount(table) }, (_, row) => row)
    .filter(row => table.rowRun[row] === run)
    .map(row => ({
      volume: table.rowVolume[row],
      losses: Object.fromEntries(table.evaluationDomains.map((domain, i) => [domain, lossAt(table, row, i)])),
    }));
}

/** The healthy run with losses of one domain changed from a checkpoint on. */
function changed(
  domain: string,
  from: number,
  to: (loss: number) => number,
  until = VOLUMES.length,
): LoggedCheckpoint[] {
  return healthy.map((checkpoint, n) =>
    n < from || n >= until
      ? checkpoint
      : { ...checkpoint, losses: { ...checkpoint.losses, [domain]: to(checkpoint.losses[domain]) } },
  );
}

describe('a watched run', () => {
  test('that goes as predicted raises no alarm', () => {
    const watched = watchRun(fitted, shares, healthy);
    expect(watched.flatMap(({ alarms }) => alarms)).toEqual([]);
    expect(watched.every(({ judged }) => judged)).toBe(true);
  });

  test('has no mean over targets of several units', () => {
    const [first, ...rest] = fitted.targets;
    const mixed: FittedLaw = { ...fitted, targets: [{ ...first, metric: 'error rate' }, ...rest] };
    expect(watchRun(mixed, shares, healthy).every(({ end }) => end === null)).toBe(true);
  });

  test('follows the smooth law: a checkpoint that all runs wobbled at moves no prediction', () => {
    const wobble = (law: FittedLaw): FittedLaw => ({
      ...law,
      targets: law.targets.map(target => ({
        ...target,
        checkpointEffects: [{ volume: VOLUMES[5], shifts: { C: 0.02, B: 0.02 } }],
      })),
    });
    const nothing = { volumes: [], losses: {} };
    const [plain, wobbled] = [fitted, wobble(fitted)].map(
      law => predictRest(law, shares, nothing, [VOLUMES[5]])[0].ahead[0],
    );
    expect(wobbled.loss).toBe(plain.loss);
    expect(wobbled.upper).toBeGreaterThan(plain.upper);
  });

  test('has an end that is known ever better, in every domain and on average', () => {
    const watched = watchRun(fitted, shares, healthy);
    const width = ({ lower, upper, loss }: { lower: number; upper: number; loss: number }): number =>
      (upper - lower) / loss;
    const [first, last] = [watched[0], watched[11]];
    const ends = [first, last].map(({ end }) => (end === null ? Number.NaN : width(end)));
    expect(ends[1]).toBeLessThan(ends[0]);
    for (const [i, { end }] of last.targets.entries()) expect(width(end)).toBeLessThan(width(first.targets[i].end));
    expect(width(first.targets[0].end)).toBeLessThan(width(first.targets[0].expected));
  });

  test('expects of each checkpoint what predictRest says from those before it', () => {
    const watched = watchRun(fitted, shares, healthy, { level: 0.8 });
    const before = healthy.slice(0, 7);
    const losses = Object.fromEntries(
      table.evaluationDomains.map(domain => [domain, before.map(checkpoint => checkpoint.losses[domain])]),
    );
    const observed = { volumes: before.map(({ volume }) => volume), losses };
    const rest = predictRest(fitted, shares, observed, [healthy[7].volume, 12e9], 0.8);
    rest.forEach(({ target, offset, ahead }, i) => {
      expect(target).toBe(watched[7].targets[i].target);
      expect(offset).toBeCloseTo(watched[6].targets[i].offset, 14);
      expect(ahead[0].upper).toBeCloseTo(watched[7].targets[i].expected.upper, 12);
      expect(ahead[1].lower).toBeCloseTo(watched[6].targets[i].end.lower, 12);
    });
  });

  test('that shifts in one domain is reported, with the domain and the checkpoint it began at', () => {
    const watched = watchRun(
      fitted,
      shares,
      changed('code', 6, loss => loss * 1.03),
    );
    const [alarm] = watched.flatMap(({ alarms }) => alarms);
    expect(alarm).toMatchObject({ kind: 'change', target: 'code', since: 7e9 });
    expect(alarm.volume).toBeLessThanOrEqual(9e9);
    expect(alarm.deviation).toBeCloseTo(0.03, 2);
  });

  test('whose mixture is another one is recognized by its level', () => {
    const other = Float64Array.from([0.02, 0.96, 0.02]);
    const alarms = watchRun(fitted, other, healthy).flatMap(checkpoint => checkpoint.alarms);
    expect(alarms).toContainEqual(expect.objectContaining({ kind: 'level', target: 'code', since: 1e9 }));
  });

  test('that spikes is reported at once', () => {
    const watched = watchRun(
      fitted,
      shares,
      changed('web', 8, loss => loss * 1.2, 9),
    );
    expect(watched[8].alarms).toMatchObject([{ kind: 'jump', target: 'web', volume: 9e9 }]);
    expect(watched[8].alarms[0].deviation).toBeCloseTo(0.2, 1);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('whose loss is %s is reported at once and once', value => {
    const alarms = watchRun(
      fitted,
      shares,
      changed('books', 4, () => value),
    ).map(checkpoint => checkpoint.alarms);
    expect(alarms[4]).toEqual([{ kind: 'not-a-number', target: 'books', volume: 5e9, since: 5e9, deviation: null }]);
    expect(alarms.slice(5).flat()).toEqual([]);
  });

  test('may miss losses: nothing is said of them', () => {
    const without = healthy.map(({ volume, losses: { code: _, ...losses } }) => ({ volume, losses }));
    const watched = watchRun(fitted, shares, without);
    expect(watched[11].targets[1]).toMatchObject({ target: 'code', loss: null, outside: false, offset: 0 });
    expect(watched[11].targets[0]).toEqual(watchRun(fitted, shares, healthy)[11].targets[0]);
  });

  test('is not judged before the volumes of the fit', () => {
    const early = { volume: 1e8, losses: { web: 9, code: 9, books: 9 } };
    const [first, second] = watchRun(fitted, shares, [early, ...healthy]);
    expect(first).toMatchObject({ judged: false, alarms: [] });
    expect(second.targets).toEqual(watchRun(fitted, shares, healthy)[0].targets);
  });

  test('is judged by what came before only', () => {
    const whole = watchRun(
      fitted,
      shares,
      changed('code', 6, loss => loss * 1.03),
    );
    expect(whole.slice(0, 5)).toEqual(watchRun(fitted, shares, healthy.slice(0, 5)));
  });
});

test('a law that does not say how sure it is cannot watch', () => {
  const unsure = fitLaw(table, bimix);
  expect(() => watchRun(unsure, shares, healthy)).toThrowError('missing uncertainty');
});
