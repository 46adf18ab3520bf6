import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitLaw } from '../src/fitting/index.ts';
import { bimix, formatLaws, parseLaws } from '../src/laws/index.ts';
import { formatRuns, type RunTable, selectRuns } from '../src/observations/index.ts';
import { invoke } from './invoke.ts';
import { simulateTable } from './simulated-tables.ts';
import { TRUE_BIMIX } from './true-laws.ts';

const folder = mkdtempSync(join(tmpdir(), 'bimix-intervals-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

let table: RunTable;

beforeAll(() => {
  table = simulateTable(TRUE_BIMIX, { runs: 24, volumes: [4e9, 20e9], runNoise: 0.006, rowNoise: 0.003 });
  writeFileSync(at('runs.jsonl'), [...formatRuns(table)].join(''));
  writeFileSync(at('law.json'), formatLaws([fitLaw(table, bimix, { uncertainty: true })]));
  writeFileSync(at('old.json'), formatLaws([fitLaw(table, bimix)]));
  writeFileSync(at('mix.json'), JSON.stringify({ web: 0.4, code: 0.3, books: 0.3 }));
});

const predict = (law: string, ...more: string[]) =>
  invoke('predict', at(law), '--mixture', at('mix.json'), '--tokens', '20B', '--interval', '90', ...more);

test('fit says how sure it is, on the terminal and in the law file', async () => {
  const { code, out } = await invoke('fit', at('runs.jsonl'), '-o', at('fitted.json'));
  expect(code).toBe(0);
  expect(out).toMatch(/Runs lie off the law by [\d.]+ % to [\d.]+ % of the loss/);
  const json = await invoke('fit', at('runs.jsonl'), '--uncertainty', 'held-out', '--json');
  const [fitted] = parseLaws(json.out, 'law.json');
  expect(fitted.targets.map(({ uncertainty }) => uncertainty?.method)).toEqual(['held-out', 'held-out', 'held-out']);
});

describe('predict --interval', () => {
  test('warns where hardly any run stands behind it', async () => {
    const few = selectRuns(table, run => run < 2);
    writeFileSync(at('few.json'), formatLaws([fitLaw(few, bimix, { uncertainty: true })]));
    expect((await predict('few.json')).out).toContain('2 runs cannot show how far the law is off at other mixtures');
    expect((await predict('law.json')).out).not.toContain('cannot show');
  });

  test('gives each loss and their mean an interval', async () => {
    const { out } = await predict('law.json');
    expect(out).toContain('90 % interval');
    for (const domain of ['web', 'code', 'books', 'mean']) {
      expect(out).toMatch(new RegExp(`${domain} .*\\d\\.\\d{4} to \\d\\.\\d{4}`));
    }
    expect(out).toContain('by how bimix fits its 24 runs');
    const { intervals, losses, mean } = JSON.parse((await predict('law.json', '--json')).out);
    expect(intervals.level).toBe(0.9);
    for (const [domain, { loss, lower, upper }] of Object.entries<Record<string, number>>(intervals.targets)) {
      expect(loss).toBe(losses[domain]);
      expect(lower).toBeLessThan(loss);
      expect(upper).toBeGreaterThan(loss);
    }
    expect(intervals.mean.loss).toBeCloseTo(mean, 12);
  });

  test('warns where the law file has no uncertainty, and predicts', async () => {
    const { code, out } = await predict('old.json');
    expect(code).toBe(0);
    expect(out).toContain('no intervals: the law file does not say how uncertain its fit is');
    expect(JSON.parse((await predict('old.json', '--json')).out).intervals).toBeUndefined();
  });

  test.each(['0', '100', 'ninety', ''])('refuses --interval "%s"', async text => {
    const { code, err } = await invoke('predict', at('law.json'), '--mixture', at('mix.json'), '--interval', text);
    expect(code).not.toBe(0);
    expect(err).toContain('expected a percentage from 1 to 99.9');
  });
});

test('evaluate --interval prints the measured coverage beside the nominal one', async () => {
  const args = ['evaluate', at('runs.jsonl'), '--law', 'bimix', '--split', 'kfold:3', '--interval', '90'];
  const { out } = await invoke(...args);
  expect(out).toMatch(/intervals of +to cover +cover +mean width/);
  expect(out).toMatch(/bimix +90.0 % +\d+\.\d % +\d\.\d\d % of the loss/);
  expect(out).toContain('Measured on the same 144 losses of 24 runs, held out: whole runs in 3 folds (seed 0).');
  const { laws, baselines } = JSON.parse((await invoke(...args, '--points', '--json')).out);
  expect(laws[0].interval).toMatchObject({ level: 0.9, coverage: expect.any(Number), width: expect.any(Number) });
  expect(laws[0].points.web[0].lower).toBeLessThan(laws[0].points.web[0].upper);
  expect(baselines[0].interval).toBeUndefined();
});

describe('optimize --interval', () => {
  const optimize = (law: string, ...more: string[]) =>
    invoke('optimize', at(law), '--tokens', '20B', '--interval', '90', ...more);

  test('says where shares and losses could as well be, and how likely the proposal wins', async () => {
    const { out } = await optimize('law.json');
    expect(out).toMatch(/share of tokens +90 % interval +within \+0.1 % of the loss/);
    expect(out).toMatch(/A run at this mixture ends below one at the mean of the runs with probability [01]\.\d{3}/);
    const { intervals, mixture } = JSON.parse((await optimize('law.json', '--json')).out);
    for (const [domain, share] of Object.entries<number>(mixture)) {
      expect(intervals.mixture[domain].from).toBeLessThan(share);
      expect(intervals.mixture[domain].to).toBeGreaterThan(share);
    }
    expect(intervals.beatsReference).toBeGreaterThan(0.5);
  });

  test('warns where the law file has no uncertainty, and optimizes', async () => {
    const { code, out } = await optimize('old.json');
    expect(code).toBe(0);
    expect(out).toContain('no intervals: the law file does not say how uncertain its fit is');
  });
});

test('the same runs give the same law file, uncertainty and all', async () => {
  const first = (await invoke('fit', at('runs.jsonl'), '--json')).out;
  expect((await invoke('fit', at('runs.jsonl'), '--json')).out).toBe(first);
});
