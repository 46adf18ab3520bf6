/** The benchmark: what it measures and the page it writes. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { measure } from '../bench/benchmark/cell.ts';
import { openCellCache } from '../bench/benchmark/cell-cache.ts';
import { measureCells } from '../bench/benchmark/measure-cells.ts';
import { benchmarkPage } from '../bench/benchmark/page.ts';
import { cellsOf, PROTOCOLS, type Tables } from '../bench/benchmark/protocols.ts';
import type { RunTable } from '../src/observations/index.ts';
import { havePublicTables, type PublicTableName, publicTable } from './public-tables.ts';
import { simulateTable } from './simulated-tables.ts';
import { TRUE_TRANSFER } from './true-laws.ts';

const FACTS = { command: 'npm run benchmark', version: '0.0.0', node: 'v20', tables: [['a', 'b', 'c']], absent: [] };
const PAIR: readonly PublicTableName[] = ['5Mix-70M', '5Mix-160M'];

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-benchmark-'));
afterAll(() => rmSync(folder, { recursive: true }));

function simulated(seed: number): RunTable {
  const volumes = [6e3, 12e3, 18e3, 24e3, 30e3];
  return { ...simulateTable(TRUE_TRANSFER, { runs: 10, volumes, rowNoise: 0.002, seed }), volumeUnit: 'steps' };
}

const SIMULATED: Tables = new Map(PAIR.map((name, seed) => [name, simulated(seed)]));

/** Every table of a page, as rows of cells without the rule below the head. */
function tablesOf(page: string): string[][][] {
  const blocks = page.split('\n\n').filter(block => block.startsWith('| '));
  return blocks.map(block => {
    const lines = block.trim().split('\n');
    return lines.filter((_, line) => line !== 1).map(line => line.slice(2, -2).split(' | '));
  });
}

function quickPage(tables: Tables): string {
  const cells = PROTOCOLS.flatMap(protocol => cellsOf(protocol, tables, { quick: true }));
  return benchmarkPage(measureCells(cells, openCellCache(undefined)), FACTS);
}

function expectWholePage(page: string): void {
  const tables = tablesOf(page);
  // Of the data; four scores of E1; E2, E3 and E5.
  expect(tables.map(rows => rows[0][0])).toEqual(['table', ...Array(7).fill('law')]);
  for (const [head, ...rows] of tables) {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveLength(head.length);
  }
  expect(tables[1][0]).toEqual(['law', ...PAIR, 'all']);
  expect(tables[1].slice(1).map(([law]) => law)).toEqual(
    expect.arrayContaining(['bimix', 'bimix-eps', 'bimix-transfer', 'mean', 'nearest']),
  );
  const errors = tables[1].slice(1).map(row => Number(row.at(-1)));
  expect(errors).toEqual([...errors].sort((a, b) => a - b));
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
}

describe('on simulated tables', () => {
  test('the page has a table for every protocol, laws in rows, lowest error first', () => {
    const page = quickPage(SIMULATED);
    expectWholePage(page);
    expect(page).toMatch(/Lowest geometric mean: `bimix-transfer`/);
    expect(quickPage(SIMULATED)).toBe(page);
  });

  test('the last column of an error table is the geometric mean of the others', () => {
    const [, errors] = tablesOf(quickPage(SIMULATED));
    for (const [, first, second, all] of errors.slice(1)) {
      expect(Number(all)).toBeCloseTo(Math.sqrt(Number(first) * Number(second)), 2);
    }
  });

  test('each run adds its part to the mean relative error', () => {
    const [cell] = cellsOf('E1', SIMULATED, { quick: true });
    const outcome = measure(cell);
    if ('failure' in outcome) throw new Error(outcome.failure);
    expect(outcome.errorsByRun).toHaveLength(10);
    expect(outcome.errorsByRun.reduce((a, b) => a + b)).toBeCloseTo(outcome.mre, 12);
  });

  test('a law that cannot be fitted is told with its reason', () => {
    const cells = cellsOf('E1', SIMULATED, { quick: true }).filter(({ row }) => row !== 'bimix');
    const measured = measureCells(cells, openCellCache(undefined));
    const [{ cell }] = measured;
    const failed = { cell: { ...cell, row: 'linear' }, outcome: { failure: 'invalid runs: too few' } };
    const page = benchmarkPage([...measured, failed], FACTS);
    expect(page).toContain('- 5Mix-70M, linear: invalid runs: too few.');
  });

  test('a run that was stopped goes on: what was measured is not measured again', () => {
    const file = path.join(folder, 'cells.jsonl');
    const cells = cellsOf('E1', SIMULATED, { quick: true });
    const whole = measureCells(cells, openCellCache(undefined));
    measureCells(cells.slice(0, 3), openCellCache(file));
    // Stopped in the middle of a line.
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n{"key":"E1 | `);
    let measuredNow = 0;
    const resumed = measureCells(cells, openCellCache(file), () => measuredNow++);
    expect(measuredNow).toBe(cells.length - 3);
    expect(resumed.map(({ outcome }) => outcome)).toEqual(whole.map(({ outcome }) => outcome));
    measureCells(cells, openCellCache(file), () => measuredNow++);
    expect(measuredNow).toBe(cells.length - 3);
  });

  test('figures of other data are not taken from the file', () => {
    const file = path.join(folder, 'other.jsonl');
    let measuredNow = 0;
    for (const seed of [0, 1]) {
      const tables: Tables = new Map([['5Mix-70M', simulated(seed)]]);
      const cells = cellsOf('E1', tables, { quick: true }).slice(0, 1);
      measureCells(cells, openCellCache(file), () => measuredNow++);
    }
    expect(measuredNow).toBe(2);
  });
});

describe.skipIf(!havePublicTables('the benchmark', PAIR))('on public tables', () => {
  test('bimix-transfer is within 5 % of the errors it first had, or better', async () => {
    const tables = new Map(await Promise.all(PAIR.map(async name => [name, await publicTable(name)] as const)));
    const page = quickPage(tables);
    expectWholePage(page);
    const ratio = page.match(/these 2 tables is \*\*([\d.]+)\*\* for `bimix-transfer`/)?.[1];
    expect(Number(ratio)).toBeGreaterThan(0.5);
    expect(Number(ratio)).toBeLessThan(1.05);
  }, 30_000);
});
