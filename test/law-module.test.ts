/** --law-module: laws of the user's own, on the command line. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invoke } from './invoke.ts';
import { simulatedCsv } from './simulated-runs.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bimix-law-module-'));
  await writeFile(at('runs.csv'), simulatedCsv(16, 0.002));
  await invoke('import', at('runs.csv'), '-o', at('runs.jsonl'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A module that says what it is given. */
async function moduleOf(name: string, text: string): Promise<string> {
  await writeFile(at(name), text);
  return at(name);
}

async function failure(module: string): Promise<{ code: string; message: string; hint: string; where: object }> {
  const { code, err } = await invoke('fit', at('runs.jsonl'), '--law-module', module, '--law', 'mine', '--json');
  expect(code).toBe(1);
  return JSON.parse(err).error;
}

describe('the example of docs/laws/your-own.md', () => {
  test('is fitted, held out, predicted with and optimized', async () => {
    const page = await readFile(path.resolve(import.meta.dirname, '../docs/laws/your-own.md'), 'utf8');
    const [, example] = page.match(/```js\n([\s\S]*?)```/) ?? [];
    const module = await moduleOf('linear-share.mjs', example);
    const law = at('law.json');

    const fitted = await invoke('fit', at('runs.jsonl'), '--law-module', module, '--law', 'linear-share', '-o', law);
    expect(fitted.err).not.toContain('error');
    expect(fitted.code).toBe(0);
    const text = await readFile(law, 'utf8');
    expect(JSON.parse(text).law).toBe('linear-share');
    expect(text).not.toContain('linear-share.mjs');

    const evaluated = await invoke(
      ...['evaluate', at('runs.jsonl'), '--law-module', module, '--law', 'linear-share', '--json'],
    );
    // The runs follow BiMix, which the example contains.
    expect(JSON.parse(evaluated.out).laws[0].mean.mre).toBeLessThan(0.005);

    const mixture = await moduleOf('mix.json', '{"web": 0.5, "code": 0.2, "books": 0.3}');
    const predicted = await invoke(
      'predict',
      law,
      '--law-module',
      module,
      '--mixture',
      mixture,
      '--tokens',
      '10B',
      '--json',
    );
    // 0.5^-0.03 (2.8 + 0.3), the simulation's own loss there.
    expect(JSON.parse(predicted.out).losses.web).toBeCloseTo(3.165, 1);

    const optimized = await invoke('optimize', law, '--law-module', module, '--tokens', '10B', '--json');
    expect(optimized.code).toBe(0);
    const shares = Object.values(JSON.parse(optimized.out).mixture as Record<string, number>);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);

    const next = await invoke(
      ...['next', at('runs.jsonl'), '--law-module', module, '--law', 'linear-share', '--runs', '1', '--json'],
    );
    expect(next.err).not.toContain('error');
    expect(JSON.parse(next.out).runs).toHaveLength(1);

    await writeFile(at('later.csv'), simulatedCsv(2, 0.002, 7).replaceAll('run0', 'later0'));
    await invoke('import', at('later.csv'), '-o', at('later.jsonl'));
    const verified = await invoke('verify', law, at('later.jsonl'), '--law-module', module, '--json');
    expect(JSON.parse(verified.out).runs).toHaveLength(2);
  });
});

describe('--law-module', () => {
  test('names a file that is not there', async () => {
    expect(await failure(at('none.mjs'))).toMatchObject({
      code: 'missing-file',
      message: `missing law module ${at('none.mjs')}`,
    });
  });

  test('says that a module has no default export', async () => {
    const module = await moduleOf('named.mjs', 'export const law = {};');
    expect(await failure(module)).toMatchObject({
      code: 'invalid-law-module',
      message: 'invalid law module: it has no default export',
      where: { file: module },
    });
  });

  test('names all that a law lacks', async () => {
    const module = await moduleOf('half.mjs', "export default { name: 'mine', title: 'Mine', convex: 1, loss() {} };");
    expect(await failure(module)).toMatchObject({
      code: 'invalid-law',
      message: 'invalid law: it lacks formula (a string), source (a string), convex (a boolean), parameters()',
      where: { file: module },
    });
  });

  test('says what a whole law lacks, by its own list', async () => {
    const module = await moduleOf('whole.mjs', "export default { name: 'mine', bind() {} };");
    expect((await failure(module)).message).toMatch(/lacks title .*atVolume\(\)$/);
  });

  test('says that a module is not JavaScript, or fails', async () => {
    const wrong = await moduleOf('wrong.mjs', 'export default {');
    expect((await failure(wrong)).message).toMatch(/^invalid law module: .*syntax/);
    const fails = await moduleOf('fails.mjs', "throw new Error('no such luck');");
    expect((await failure(fails)).message).toBe('invalid law module: no such luck');
  });

  test('refuses a name that is taken', async () => {
    const module = await moduleOf(
      'taken.mjs',
      "export default { name: 'bimix', title: 'x', formula: 'x', source: 'x', convex: false, parameters: () => [], loss: () => 1 };",
    );
    expect(await failure(module)).toMatchObject({
      code: 'ambiguous-law',
      message: 'ambiguous law name "bimix": another law has it',
    });
  });

  test('says where a formula has no loss', async () => {
    const law = (name: string, loss: string): string =>
      `export default { name: '${name}', title: 'x', formula: 'x', source: 'x', convex: false,
        parameters: () => [{ name: 'a', lower: 0, upper: 2 }], loss: ${loss} };`;
    const negative = await moduleOf('negative.mjs', law('mine', 'c => -c.a'));
    expect(await failure(negative)).toMatchObject({
      code: 'invalid-law',
      message: 'invalid law "mine": loss() gives -1 where a loss above 0 is expected',
    });
    const throwing = await moduleOf('throwing.mjs', law('throwing', '(c, at) => c.a.b.c'));
    const { err } = await invoke('fit', at('runs.jsonl'), '--law-module', throwing, '--law', 'throwing');
    expect(err).toContain('invalid law "throwing": loss() fails: Cannot read properties of undefined');
  });

  test('is what a law file of an unknown law asks for', async () => {
    const text = (await readFile(at('law.json'), 'utf8')).replace('"linear-share"', '"of-somebody-else"');
    await writeFile(at('other.json'), text);
    const { code, err } = await invoke('predict', at('other.json'), '--mixture', at('mix.json'), '--tokens', '10B');
    expect(code).toBe(1);
    expect(err).toContain('unknown law "of-somebody-else"');
    expect(err).toContain('--law-module');
  });
});
