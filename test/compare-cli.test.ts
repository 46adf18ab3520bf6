import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAWS, STACKS } from '../src/laws/index.ts';
import { invoke } from './invoke.ts';
import { expectNumbers, expectSelfContained, expectWellFormed, parsePage } from './report-page.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const FEW = ['--laws', 'bimix,bimix-eps', '--workers', '0'] as const;
const WORKER = resolve(import.meta.dirname, '../dist/cli/hold-out-worker.js');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-compare-'));
  await writeFile(at('losses.csv'), simulatedCsv(12, 0.002));
  expect((await invoke('import', at('losses.csv'), '-o', at('runs.jsonl'))).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

describe('bimix compare', () => {
  test('compares every registered law, or says why not', async () => {
    const { code, out } = await invoke('compare', at('runs.jsonl'), '--split', 'every:4', '--workers', '0', '--json');
    expect(code).toBe(0);
    const { laws, failures } = JSON.parse(out);
    const met = [...laws, ...failures].map((entry: { law: string }) => entry.law);
    expect(new Set(met)).toEqual(new Set([...LAWS, ...STACKS].map(({ name }) => name).concat('mean', 'nearest')));
  });

  test('prints errors, domains, curves and a recommendation within 110 columns', async () => {
    const { code, out } = await invoke('compare', at('runs.jsonl'), ...FEW, '--budget-curve', '4,8,11');
    expect(code).toBe(0);
    expect(out).toContain('Predicted 180 losses of 12 runs; the table: 12 runs, 60 checkpoints up to 10B tokens.');
    expect(out).toMatch(/^bimix \* +0\.\d{3} %/m);
    expect(out).toMatch(/^nearest \(baseline\) +\d\.\d{3} % +\+\d\.\d{2,3} ± \d/m);
    expect(out).toContain('MRE by domain');
    expect(out).toMatch(/^law +4 runs +8 runs$/m);
    expect(out).toContain('A bimix   B bimix-eps   C nearest');
    expect(out).toContain('--budget-curve 11: left out');
    expect(out).toMatch(/- 12 held-out runs of 3 domains: bimix, 0\.\d{3} % against 0\.\d{3} % of bimix-eps/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });

  test('gives the same bytes twice', async () => {
    const args = ['compare', at('runs.jsonl'), ...FEW, '--budget-curve', 'auto', '--json'];
    expect((await invoke(...args)).out).toBe((await invoke(...args)).out);
  });

  test.skipIf(!existsSync(WORKER))('gives the same bytes with worker threads', async () => {
    const args = ['compare', at('runs.jsonl'), '--laws', 'bimix,bimix-eps', '--json', '--nested', 'on'];
    const alone = await invoke(...args, '--workers', '0');
    expect((await invoke(...args, '--workers', '2')).out).toBe(alone.out);
  });

  test('says how many runs intervals cover', async () => {
    const { out } = await invoke('compare', at('runs.jsonl'), ...FEW, '--interval', '90');
    expect(out).toMatch(/^bimix +90\.0 % +\d+\.\d %/m);
  });

  test('a law that these runs cannot carry does not stop the others', async () => {
    const rows = (await readFile(at('losses.csv'), 'utf8')).replace('books_loss', 'exams_loss');
    await writeFile(at('exams.csv'), rows);
    await invoke('import', at('exams.csv'), '-o', at('exams.jsonl'));
    const args = ['compare', at('exams.jsonl'), '--laws', 'bimix,bimix-transfer', '--targets', 'exams'];
    const { code, out } = await invoke(...args, '--workers', '0', '--nested', 'off');
    expect(code).toBe(0);
    expect(out).toContain('! bimix: missing training domain of "exams"');
    expect(out).toContain('held-out runs of 3 domains: bimix-transfer');
  });

  test('model sizes are compared one by one', async () => {
    const csv = await readFile(at('losses.csv'), 'utf8');
    const [head, ...rows] = csv.trim().split('\n');
    const sized = (size: string): string[] => rows.map(row => `${row},${size}`);
    await writeFile(at('sizes.csv'), `${[`${head},size`, ...sized('1e8'), ...sized('3e8')].join('\n')}\n`);
    await invoke('import', at('sizes.csv'), '-o', at('sizes.jsonl'));
    const { out } = await invoke('compare', at('sizes.jsonl'), ...FEW, '--nested', 'off', '--json');
    const { kind, comparisons } = JSON.parse(out);
    expect(kind).toBe('bimix-comparisons');
    expect(comparisons.map((one: { size: number }) => one.size)).toEqual([1e8, 3e8]);
    const page = [
      'compare',
      at('sizes.jsonl'),
      ...FEW,
      '--nested',
      'off',
      '--budget-curve',
      '4,8',
      '-o',
      at('sizes.html'),
    ];
    expect((await invoke(...page)).code).toBe(0);
    const html = await readFile(at('sizes.html'), 'utf8');
    expectWellFormed(html);
    expect(parsePage(html).querySelectorAll('figure').length).toBe(4);
  });

  test.each([
    [['--laws', 'bimx'], 'unknown law "bimx"'],
    [['--split', 'kfold:99'], 'invalid split "kfold:99"'],
    [['--budget-curve', '8,many'], 'invalid --budget-curve 8,many'],
    [['--workers', '-1'], 'invalid --workers -1'],
    [['--interval', '900'], 'invalid --interval 900'],
  ])('%j is refused: %s', async (args, message) => {
    const { code, err } = await invoke('compare', at('runs.jsonl'), ...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe('the report of a comparison', () => {
  test('stands alone, says the law and its errors, and is the same bytes twice', async () => {
    const args = ['compare', at('runs.jsonl'), ...FEW, '--budget-curve', '4,8', '--date', '2026-01-02', '-o'];
    await invoke(...args, at('compare.html'));
    const page = await readFile(at('compare.html'), 'utf8');
    expectSelfContained(page);
    expectWellFormed(page);
    expectNumbers(page);
    const document = parsePage(page);
    expect(document.querySelector('.question')?.textContent).toContain(
      'bimix, the best of the 2 laws that can be optimized.',
    );
    expect([...document.querySelectorAll('figure')].map(({ id }) => id)).toEqual([
      'figure-comparison-errors',
      'figure-comparison-learning-curves',
    ]);
    expect(document.querySelector('pre')?.textContent).toContain('--budget-curve 4,8');
    await invoke(...args, at('compare.html'));
    expect(await readFile(at('compare.html'), 'utf8')).toBe(page);
  });

  test('is a section of the report of a law', async () => {
    const { out } = await invoke('compare', at('runs.jsonl'), ...FEW, '--json');
    await writeFile(at('comparison.json'), out);
    await invoke('fit', at('runs.jsonl'), '-o', at('law.json'));
    const { code } = await invoke(
      ...['report', at('runs.jsonl'), at('law.json'), '--compare', at('comparison.json'), '-o', at('report.html')],
    );
    expect(code).toBe(0);
    const page = await readFile(at('report.html'), 'utf8');
    expectWellFormed(page);
    expect(parsePage(page).querySelector('#comparison')?.textContent).toContain('bimix-eps');
  });

  test('a comparison of other runs is refused', async () => {
    const csv = (await readFile(at('losses.csv'), 'utf8')).replaceAll('books', 'wiki');
    await writeFile(at('other.csv'), csv);
    await invoke('import', at('other.csv'), '-o', at('other.jsonl'));
    await invoke('fit', at('other.jsonl'), '-o', at('other.json'));
    const { out } = await invoke('compare', at('runs.jsonl'), ...FEW, '--json');
    await writeFile(at('comparison.json'), out);
    const { code, err } = await invoke(
      ...['report', at('other.jsonl'), at('other.json'), '--compare', at('comparison.json'), '-o', at('no.html')],
    );
    expect(code).toBe(1);
    expect(err).toContain('invalid comparison for this law: it has other training domains');
    expect(existsSync(at('no.html'))).toBe(false);
  });
});
