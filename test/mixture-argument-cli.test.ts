/** Every command that asks for a mixture takes it in every form. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitLaw } from '../src/fitting/index.ts';
import { bimix, formatLaws } from '../src/laws/index.ts';
import { formatRuns } from '../src/observations/index.ts';
import { invoke } from './invoke.ts';
import { simulateTable } from './simulated-tables.ts';
import { TRUE_BIMIX } from './true-laws.ts';

const folder = mkdtempSync(join(tmpdir(), 'bimix-mixtures-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const AVAILABLE = ['--available', 'web:6B,code:3B,books:1B'];

beforeAll(() => {
  const table = simulateTable(TRUE_BIMIX, { runs: 12, volumes: [4e9, 20e9], runNoise: 0.006, rowNoise: 0.003 });
  writeFileSync(at('runs.jsonl'), [...formatRuns(table)].join(''));
  writeFileSync(at('law.json'), formatLaws([fitLaw(table, bimix)]));
  writeFileSync(at('blend.txt'), '6 /data/web_text_document 3 /data/code_text_document 1 /data/books_text_document');
  writeFileSync(at('doremi.json'), '{"train_domain_weights": {"web": 6, "code": 3, "books": 1}}');
});

async function predicted(mixture: string, ...more: string[]): Promise<Record<string, number>> {
  const { code, out, err } = await invoke(
    'predict',
    at('law.json'),
    '--mixture',
    mixture,
    '--tokens',
    '20B',
    '--json',
    ...more,
  );
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out).mixture;
}

describe('predict --mixture', () => {
  test.each([
    ['web=0.6,code=0.3,books=0.1', []],
    ['Web: 60%, Code: 30%, Books: 10%', []],
    ['size', AVAILABLE],
    [at('blend.txt'), []],
    [at('doremi.json'), []],
  ])('takes %s', async (mixture, more) => {
    const shares = await predicted(mixture, ...more);
    expect(shares.web).toBeCloseTo(0.6, 12);
    expect(shares.books).toBeCloseTo(0.1, 12);
  });

  test('takes uniform, a run and the best run', async () => {
    expect((await predicted('uniform')).code).toBeCloseTo(1 / 3, 12);
    const { covered, trainingDomains } = JSON.parse(readFileSync(at('law.json'), 'utf8'));
    const mixtureOf = (run: number) =>
      Object.fromEntries(trainingDomains.map((domain: string, j: number) => [domain, covered.mixtures[run][j]]));
    const [name] = covered.runs;
    expect(await predicted(name)).toEqual(mixtureOf(0));
    expect(await predicted(`run:${name}`)).toEqual(mixtureOf(0));
    const means = covered.lastLosses.map((losses: number[]) => losses.reduce((sum, loss) => sum + loss, 0));
    expect(await predicted('best-run')).toEqual(mixtureOf(means.indexOf(Math.min(...means))));
  });

  test('says which run is the best', async () => {
    const { out } = await invoke('predict', at('law.json'), '--mixture', 'best-run', '--tokens', '20B');
    const { covered } = JSON.parse(readFileSync(at('law.json'), 'utf8'));
    const means = covered.lastLosses.map((losses: number[]) => losses.reduce((sum, loss) => sum + loss, 0));
    expect(out).toContain(`best-run (${covered.runs[means.indexOf(Math.min(...means))]}) at 20B tokens`);
  });

  test.each([
    ['unifrom', 'unknown mixture "unifrom": no file, run or preset has this name', 'Did you mean "uniform"?'],
    ['size', 'missing tokens available of "web"', 'Pass --available web:10B,code:10B,books:10B'],
    ['web=0.6,code=0.3', 'proportions sum to 0.9', ''],
    ['web=0.6,code=lots,books=0.1', 'invalid share of "code": "lots"', ''],
    ['web=0.6,math=0.4', 'unknown domain "math" in web=0.6,math=0.4', 'Known: web, code, books'],
    ['web=0.5,Web=0.5', 'ambiguous domain "web"', 'Name each domain once.'],
    ['absent.yaml', 'missing file absent.yaml', ''],
  ])('refuses %s with the way out', async (mixture, message, hint) => {
    const { code, err } = await invoke('predict', at('law.json'), '--mixture', mixture, '--tokens', '20B');
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });
});

test.each([
  ['optimize', at('law.json'), '--tokens', '20B', '--reference', 'best-run'],
  ['path', at('law.json'), '--tokens', '4B..20B', '--reference', 'web=0.6,code=0.3,books=0.1'],
  ['pareto', at('law.json'), '--tokens', '20B', '--first', 'web', '--second', 'code', '--reference', 'uniform'],
  ['report', at('runs.jsonl'), at('law.json'), 'uniform', 'best-run', 'web=0.6,code=0.3,books=0.1', '-o', at('r.html')],
  ['export', 'best-run', '--law', at('law.json')],
  ['export', 'uniform', ...AVAILABLE, '--tokens', '1B'],
  ['export', 'web=0.6,code=0.4'],
  ['export', at('blend.txt')],
])('%s takes it too: %s %s', async (...args) => {
  const { code, err } = await invoke(...args);
  expect(err).not.toMatch(/^(invalid|unknown|missing|ambiguous)/);
  expect(code).toBe(0);
});

test('design --mixtures takes mixtures written out, with and without a name', async () => {
  const given = [
    '--mixtures',
    'web:0.6,code:0.3,books:0.1',
    '--mixtures',
    'v1=web:0.2,code:0.3,books:0.5',
    '--mixtures',
    'uniform,size',
  ];
  const { code, err } = await invoke(
    'design',
    '--domains',
    'web,code,books',
    ...AVAILABLE,
    ...given,
    '-o',
    at('plan.csv'),
  );
  expect([code, err]).toEqual([0, expect.stringContaining('plan.csv')]);
  expect(
    readFileSync(at('plan.csv'), 'utf8')
      .split('\n')
      .map(line => line.split(',')[0]),
  ).toEqual(expect.arrayContaining(['mixture-1', 'v1', 'uniform', 'size']));
});
