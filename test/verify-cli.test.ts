/** `bimix verify` on simulated runs: fitted on some, tried on others. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bimix-verify-'));
  await writeFile(at('first.csv'), simulatedCsv(14, 0.002, 1));
  await writeFile(at('later.csv'), simulatedCsv(4, 0.002, 2));
  for (const name of ['first', 'later']) await invoke('import', at(`${name}.csv`), '-o', at(`${name}.jsonl`));
  await invoke('fit', at('first.jsonl'), '--law', 'bimix', '-o', at('law.json'));
});

afterAll(() => rm(folder, { recursive: true }));

test('prints each run beside its prediction, and the error over all of them', async () => {
  const { code, out } = await invoke('verify', at('law.json'), at('later.jsonl'));
  expect(code).toBe(0);
  expect(out).toContain('4 runs made after the fit');
  expect(out).toMatch(/run02\s+\d\.\d{4}\s+\d\.\d{4} to \d\.\d{4}\s+\d\.\d{4}\s+[+-]0\.\d\d %\s+0\.\d\d %/);
  expect(out).toMatch(
    /MRE 0\.\d\d % over 4 runs that were not among the 14 of the fit\. \d+ % of the losses lie inside/,
  );
});

test('--json holds every loss, and the true law is not far off', async () => {
  const { code, out } = await invoke('verify', at('law.json'), at('later.jsonl'), '--json');
  expect(code).toBe(0);
  const { mre, runs, seen } = JSON.parse(out);
  expect(mre).toBeLessThan(0.01);
  expect(runs.map(({ run }: { run: string }) => run)).toEqual(['run00', 'run01', 'run02', 'run03']);
  expect(Object.keys(runs[0].losses)).toEqual(['web', 'code', 'books']);
  expect(seen).toEqual([]);
});

test('runs of the fit itself are refused with the way out', async () => {
  const { code, err } = await invoke('verify', at('law.json'), at('first.jsonl'));
  expect(code).toBe(1);
  expect(err).toMatch(/missing runs: the mixtures of all of them were in the fit[\s\S]*bimix evaluate/);
});

test('a report shows what became of the predictions', async () => {
  const { code } = await invoke(
    ...['report', at('first.jsonl'), at('law.json'), '--verify', at('later.jsonl'), '-o', at('report.html')],
  );
  expect(code).toBe(0);
  const page = await readFile(at('report.html'), 'utf8');
  expect(page).toContain('Did the predictions come true?');
  expect(page).toMatch(/bimix missed the losses of 4\slater runs by/);
});
