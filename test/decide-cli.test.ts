/** `bimix decide`: one command from losses to a mixture. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bimix-decide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOSSES = path.resolve(import.meta.dirname, '../examples/quickstart/losses.csv');
const at = (name: string): string => path.join(folder, name);

describe("of the quickstart's losses", async () => {
  const {
    code,
    out: stdout,
    err: stderr,
  } = await invoke('decide', LOSSES, '--tokens', '1M', '-o', at('d'), '--date', '2026-01-01');

  test('it says first what to do, and why', () => {
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Decision for 1M tokens\n! 1M tokens is 4\.21 times the largest volume/);
    expect(stdout).toContain('These runs carry no decision yet. The gain over the best run (dirichlet-6), 0.2');
    expect(stdout).toContain('What would change it');
    expect(stdout).toContain('On whole runs held out it is 1.01 % off');
  });

  test('it writes a page and the files of each step, from which each command goes on', async () => {
    expect(stderr).toContain(`wrote ${at('d/report.html')}`);
    for (const name of ['runs.jsonl', 'comparison.json', 'law.json', 'mixture.yaml', 'decision.json', 'report.html']) {
      expect(existsSync(at(`d/${name}`)), name).toBe(true);
    }
    expect(readFileSync(at('d/report.html'), 'utf8')).toContain('These runs carry no decision yet.');
    const optimized = await invoke('optimize', at('d/law.json'), '--tokens', '1M', '--json');
    const decided = JSON.parse(readFileSync(at('d/decision.json'), 'utf8'));
    expect(JSON.parse(optimized.out).mixture).toEqual(decided.proposal.mixture);
    const predicted = await invoke(
      ...['predict', at('d/law.json'), '--mixture', at('d/mixture.yaml'), '--tokens', '1M', '--json'],
    );
    expect(predicted.code).toBe(0);
  });

  test('a second time nothing is fitted again, and the answer is the same to the byte', async () => {
    const law = readFileSync(at('d/law.json'), 'utf8');
    const again = await invoke('decide', LOSSES, '--tokens', '1M', '-o', at('d'), '--date', '2026-01-01');
    expect(again.out).toBe(stdout);
    expect(readFileSync(at('d/law.json'), 'utf8')).toBe(law);
  });

  test('other limits are asked of the kept law', async () => {
    const { out: text } = await invoke(
      ...[
        ...['decide', LOSSES, '--tokens', '1M', '-o', at('d'), '--json'],
        ...['--reference', 'uniform', '--available', 'speeches:100K', '--max-epochs', '1'],
      ],
    );
    const decision = JSON.parse(text);
    expect(decision.alternative.over).toBe('uniform');
    expect(decision.proposal.mixture.speeches).toBeCloseTo(0.1, 6);
    expect(decision.limit.limit).toBe('the tokens available of speeches (10 % of the budget)');
  });

  test('changed losses are compared and fitted again', async () => {
    const lines = readFileSync(LOSSES, 'utf8').trim().split('\n');
    writeFileSync(at('fewer.csv'), `${lines.slice(0, -8).join('\n')}\n`);
    const { out: text } = await invoke('decide', at('fewer.csv'), '--tokens', '1M', '-o', at('d'));
    expect(text).toContain('from 14 runs');
  });
});

test('-o page.html puts the page there and the files beside it', async () => {
  const { code } = await invoke('decide', LOSSES, '-o', at('page.html'));
  expect(code).toBe(0);
  expect(existsSync(at('page.html'))).toBe(true);
  expect(existsSync(at('page/law.json'))).toBe(true);
});

test('a file that was cut is made again', async () => {
  await invoke('decide', LOSSES, '-o', at('cut'));
  const whole = readFileSync(at('cut/law.json'), 'utf8');
  writeFileSync(at('cut/law.json'), whole.slice(0, 1000));
  const { code } = await invoke('decide', LOSSES, '-o', at('cut'));
  expect(code).toBe(0);
  expect(readFileSync(at('cut/law.json'), 'utf8')).toBe(whole);
});

test('too few runs are refused with the way out', async () => {
  const lines = readFileSync(LOSSES, 'utf8').trim().split('\n');
  writeFileSync(at('few.csv'), `${lines.slice(0, 13).join('\n')}\n`);
  const { code, err: stderr } = await invoke('decide', at('few.csv'), '-o', at('few'));
  expect(code).toBe(1);
  expect(stderr).toContain('missing runs: 3 different mixtures, at least 4 are needed to hold some out');
  expect(stderr).toContain('bimix design');
});

test('an unknown size names those there are', async () => {
  const { code, err: stderr } = await invoke('decide', LOSSES, '--size', '7B', '-o', at('size'));
  expect(code).toBe(1);
  expect(stderr).toContain('unknown model size 7B: the runs have 224.6K');
});

test('what an import refuses is answered with the way through bimix import', async () => {
  const lines = readFileSync(LOSSES, 'utf8').replaceAll(',0.6239224138,', ',0.6639224138,');
  writeFileSync(at('sums.csv'), lines);
  const { code, err } = await invoke('decide', at('sums.csv'), '-o', at('sums'));
  expect(code).toBe(1);
  expect(err).toContain('Pass --sum-tolerance');
  expect(err).toContain('That is an option of bimix import: write a runs.jsonl with it, and decide by that.');
});

test('--json and decision.json say the same, CRLF or not', async () => {
  writeFileSync(at('crlf.csv'), readFileSync(LOSSES, 'utf8').replaceAll('\n', '\r\n'));
  const { out } = await invoke('decide', at('crlf.csv'), '-o', at('crlf'), '--json');
  const printed = JSON.parse(out);
  const { basis, ...written } = JSON.parse(readFileSync(at('crlf/decision.json'), 'utf8'));
  expect(Object.keys(basis)).toEqual(['key', 'comparison', 'law']);
  expect(written).toEqual(printed);
  expect(out).not.toMatch(/NaN|Infinity/);
});
