/** Runs that bimix trains itself, from text to a table of losses. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';

const MAIN = path.resolve(import.meta.dirname, '../dist/cli/main.js');
const base = mkdtempSync(path.join(tmpdir(), 'bimix-proxy-'));
const at = (...parts: string[]) => path.join(base, ...parts);
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Documents of words drawn from a small list. */
function documents(words: readonly string[], count: number, seed: number): string[] {
  const random = mersenne(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 120 }, () => words[uniformInt(random, 0, words.length - 1)]).join(' '),
  );
}

const jsonLines = (texts: readonly string[]) => texts.map(text => `${JSON.stringify({ text })}\n`).join('');
const textOf = (file: string) => readFileSync(file, 'utf8');

beforeAll(async () => {
  mkdirSync(at('data', 'prose'), { recursive: true });
  mkdirSync(at('data', 'sums'), { recursive: true });
  writeFileSync(
    at('data', 'prose', 'a.jsonl'),
    jsonLines(documents(['the', 'sea', 'was', 'grey', 'and', 'calm,'], 200, 1)),
  );
  writeFileSync(at('data', 'sums', 'a.jsonl'), jsonLines(documents(['1+1=2', '2+2=4', '3+4=7;', '9-5=4'], 120, 2)));
  writeFileSync(at('data', 'sums', 'b.txt'), documents(['6*7=42', '8/4=2'], 1, 3).join('\n'));
  writeFileSync(
    at('bimix.yaml'),
    `domains:
  prose: {files: data/prose/*.jsonl, available: 2M}
  sums: {files: data/sums/*, available: 1M}
budget: 400K
trainer:
  model: {width: 16, layers: 1, heads: 2, context: 32}
  learning_rate: 0.01
  tokens: 20K
  evaluations: 4
  validation_tokens: 1000
`,
  );
  await invoke('design', at('bimix.yaml'), '--runs', '3', '--repetition-matched', '-o', at('plan.jsonl'));
});

const run = (folder: string, ...args: string[]) => invoke('run', at('plan.jsonl'), '--folder', at(folder), ...args);

describe('bimix run, with its own trainer', () => {
  test('splits text by document, trains every run, and collects a table that a law is fitted to', async () => {
    const { code, out } = await run('runs', '--parallel', '2');
    expect([code, out]).toEqual([0, expect.stringContaining('3 runs, 3 done')]);
    const split = JSON.parse(textOf(at('runs', 'text', 'split.json')));
    const train = textOf(at('runs', 'text', 'prose-train.jsonl'))
      .trim()
      .split('\n');
    const validation = textOf(at('runs', 'text', 'prose-validation.jsonl'))
      .trim()
      .split('\n');
    expect(split.domains[0]).toMatchObject({ name: 'prose', train: { documents: train.length } });
    expect(train.length + validation.length).toBe(200);
    expect(train.filter(line => validation.includes(line))).toEqual([]);
    const collected = await invoke('collect', at('runs'), '-o', at('runs.jsonl'));
    expect([collected.code, collected.out]).toEqual([
      0,
      expect.stringMatching(/bimix optimize law\.json --project \S*bimix\.yaml -o mixture\.yaml/),
    ]);
    const [header, ...rows] = textOf(at('runs.jsonl'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(header).toMatchObject({
      trainingDomains: ['prose', 'sums'],
      volume: { unit: 'tokens' },
      schedule: 'constant',
    });
    expect(rows).toHaveLength(12);
    const last = rows.filter(({ volume }) => volume >= 20_000);
    expect(last).toHaveLength(3);
    for (const { mixture, losses, size } of rows) {
      expect(mixture.prose + mixture.sums).toBeCloseTo(1, 9);
      expect([losses.prose, losses.sums].every(loss => loss > 0 && loss < 30)).toBe(true);
      expect(size).toBeGreaterThan(1000);
    }
    const mean = (at: number) => rows.filter((_, n) => n % 4 === at).reduce((sum, { losses }) => sum + losses.sums, 0);
    expect(mean(3)).toBeLessThan(mean(0));
  });

  test('lets a repetition-matched run draw from its part of the tokens alone', () => {
    const [, ...runs] = textOf(at('plan.jsonl'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(runs[0].tokensAvailable).toEqual({ prose: 100_000, sums: 50_000 });
    expect(JSON.parse(textOf(at('runs', 'inputs', 'spread-1.json'))).tokensAvailable).toEqual(runs[0].tokensAvailable);
  });

  test('killed -9 with all its runs goes on to the same bytes', async () => {
    const args = ['run', at('plan.jsonl'), '--folder', at('killed'), '--parallel', '1'];
    const driver = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
    const progress = at('killed', 'tasks', 'spread-2', 'progress.json');
    for (let n = 0; n < 2400 && !existsSync(progress); n++) await pause(25);
    driver.kill('SIGKILL');
    const attempt = at('killed', 'tasks', 'spread-2', 'attempt-local-1.json');
    try {
      process.kill(-JSON.parse(textOf(attempt)).command.pid, 'SIGKILL');
    } catch {
      // It was quicker.
    }
    expect((await run('killed', '--attempts', '2')).code).toBe(0);
    const resultsOf = (folder: string, id: string) => {
      const { attempt: name } = JSON.parse(textOf(at(folder, 'tasks', id, 'done.json')));
      const results = at(folder, 'tasks', id, `attempt-${name}`);
      return ['metrics.jsonl', 'result.json'].map(file => textOf(path.join(results, file)));
    };
    for (const id of ['spread-1', 'spread-2', 'spread-3'])
      expect(resultsOf('killed', id)).toEqual(resultsOf('runs', id));
  });

  test('keeps its split when the text changes, and says when there is too little of it', async () => {
    writeFileSync(at('data', 'prose', 'a.jsonl'), jsonLines(['gone']));
    expect((await run('runs')).out).toContain('3 done');
    const { code, err } = await run('other');
    expect([code, err]).toEqual([1, expect.stringContaining('missing documents of "prose": too little text')]);
  });
});
