import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-next-'));
  await writeFile(at('losses.csv'), simulatedCsv(6, 0.004));
  await writeFile(at('pool.csv'), 'run,web,code,books\na,0.8,0.1,0.1\nb,0.2,0.6,0.2\nc,0.1,0.1,0.8\n');
  await writeFile(at('bounds.yaml'), 'code: [0.5, 1]\n');
  expect((await invoke('import', at('losses.csv'), '-o', at('runs.jsonl'))).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const next = (...args: string[]) => invoke('next', at('runs.jsonl'), ...args);

describe('bimix next', () => {
  test('names runs, their shares of tokens, and what each is expected to bring', async () => {
    const { code, out } = await next('--runs', '2');
    expect(code).toBe(0);
    expect(out).toContain('fitted on 6 runs');
    expect(out).toContain('at 10B tokens');
    expect(out).toMatch(/next-1 +\S.* \d\.\d{4} ± \d\.\d{4} /);
    expect(out).toContain('Shares of tokens');
    expect(out).toContain('nats per token');
  });

  test('--json has mixtures that sum to one, the same for the same seed', async () => {
    const once = await next('--json', '--seed', '2');
    expect((await next('--json', '--seed', '2')).out).toBe(once.out);
    const { runs, now, goal } = JSON.parse(once.out);
    expect(goal).toBe('optimum');
    expect(runs.map(({ run }: { run: string }) => run)).toEqual(['next-1', 'next-2', 'next-3', 'next-4']);
    for (const { mixture } of [now, ...runs]) {
      const shares = Object.values<number>(mixture);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });

  test.each(['optimum', 'intervals', 'coefficients'])('chooses from a pool for %s', async goal => {
    const { code, out } = await next('--goal', goal, '--pool', at('pool.csv'), '--runs', '5', '--json');
    expect(code).toBe(0);
    const { runs } = JSON.parse(out);
    expect(runs.map(({ run }: { run: string }) => run).sort()).toEqual(['a', 'b', 'c']);
    expect(runs[0].origin).toBe('pool');
  });

  test('keeps to bounds', async () => {
    const { out } = await next('--bounds', at('bounds.yaml'), '--json');
    for (const { mixture } of JSON.parse(out).runs) expect(mixture.code).toBeGreaterThanOrEqual(0.5 - 1e-6);
    const pooled = await next('--bounds', at('bounds.yaml'), '--pool', at('pool.csv'), '--json');
    expect(JSON.parse(pooled.out).runs.map(({ run }: { run: string }) => run)).toEqual(['b']);
  });

  test.each(['plan.csv', 'plan.jsonl'])('writes %s, which import joins with the losses measured later', async name => {
    const { code, err } = await next('--runs', '3', '-o', at(name));
    expect(code).toBe(0);
    expect(err).toContain('shares of tokens');
    const runs = ['next-1', 'next-2', 'next-3'];
    const losses = runs.map(run => `${run},10e9,2.9,1.5,3.1`);
    await writeFile(at('measured.csv'), ['run,tokens,web_loss,code_loss,books_loss', ...losses].join('\n'));
    const imported = await invoke('import', at(name), at('measured.csv'), '-o', at('more.jsonl'));
    expect(imported.code).toBe(0);
    const written = await readFile(at('more.jsonl'), 'utf8');
    for (const run of runs) expect(written).toContain(run);
  });

  test('says when no run is worth its compute', async () => {
    await writeFile(at('many.csv'), simulatedCsv(40, 1e-4));
    await invoke('import', at('many.csv'), '-o', at('many.jsonl'));
    const { out } = await invoke('next', at('many.jsonl'), '--runs', '1');
    expect(out).toContain('no run is worth its compute');
  });

  test.each([
    [['--runs', '0'], 'invalid --runs 0'],
    [['--law', 'hybrid'], 'invalid law hybrid'],
    [['--law', 'bimx'], 'unknown law "bimx"'],
    [['-o', 'plan.txt'], 'unknown format of plan.txt'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await next(...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  test('names the line of a pool that is no mixture, and a domain the runs do not have', async () => {
    await writeFile(at('bad.csv'), 'run,web,code,books\na,0.8,0.1,0.1\nb,0.2,0.6,0.7\n');
    const bad = await next('--pool', at('bad.csv'));
    expect(bad.code).toBe(1);
    expect(bad.err).toMatch(/invalid mixture "b".*bad\.csv:3/s);
    await writeFile(at('other.csv'), 'run,weight_web,weight_law\na,0.5,0.5\n');
    expect((await next('--pool', at('other.csv'))).err).toContain('unknown domain "law"');
  });

  test.each(['boks', 'Books'])('tells a column %s from a wrong sum', async column => {
    await writeFile(at('misspelt.csv'), `name,web,${column},code,cost\na,0.2,0.3,0.5,7\n`);
    const { code, err } = await next('--pool', at('misspelt.csv'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'unknown-domain',
      message: `unknown domain "${column}": the runs have none of that name`,
      hint: 'Did you mean "books"?',
      where: { file: at('misspelt.csv'), line: 1 },
    });
  });

  test('says when every mixture of the pool was run already', async () => {
    const runs = (await readFile(at('losses.csv'), 'utf8')).split('\n');
    const shares = runs[1].split(',').slice(2, 5);
    await writeFile(at('done.csv'), `run,web,code,books\na,${shares.join(',')}\n`);
    expect((await next('--pool', at('done.csv'))).err).toContain('was run already');
  });
});
