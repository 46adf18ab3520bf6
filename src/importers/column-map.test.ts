import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseColumnFlags, readColumnMap } from './column-map.ts';

let file: string;
beforeAll(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'bimix-columns-')), 'columns.yaml');
});
afterAll(() => rmSync(path.dirname(file), { recursive: true }));

describe('a column map', () => {
  test('is read from a file', async () => {
    writeFileSync(file, 'run: [exp, seed]\nstep: it\nvolume: steps\nweights: "p_*"\nlosses:\n  web: ce web\n');
    expect(await readColumnMap(file)).toEqual({
      run: ['exp', 'seed'],
      step: 'it',
      volume: 'steps',
      weights: 'p_*',
      losses: { web: 'ce web' },
    });
  });

  test.each([
    ['run: exp\nweigths: p_*\n', /weigths/, { line: 2 }, 'Did you mean "weights"?'],
    ['run: exp\nvolume: epochs\n', /volume/, { line: 2, column: 9 }, undefined],
    ['run: exp\nstep: 3\n', /step/, { line: 2, column: 7 }, undefined],
    ['losses: {}\nweights: 7\n', /weights/, { line: 2 }, undefined],
  ])('%j is refused', async (content, message, where, hint) => {
    writeFileSync(file, content);
    await expect(readColumnMap(file)).rejects.toMatchObject({
      code: 'invalid-columns',
      message: expect.stringMatching(message),
      where: { file, ...where },
      ...(hint === undefined ? {} : { hint }),
    });
  });

  test('is read from flags, where a comma makes a list of runs, weights or losses', () => {
    expect(parseColumnFlags(['run=exp', 'weights=p_web,p_code', 'losses=eval/*/a,b'])).toEqual({
      run: 'exp',
      weights: ['p_web', 'p_code'],
      losses: ['eval/*/a', 'b'],
    });
    expect(parseColumnFlags(['step=a=b', 'loss=a,b'])).toEqual({ step: 'a=b', loss: 'a,b' });
    expect(() => parseColumnFlags(['weigth=p'])).toThrow(expect.objectContaining({ hint: 'Did you mean "weights"?' }));
    expect(() => parseColumnFlags(['run'])).toThrow(/^invalid column flag "run"/);
    expect(() => parseColumnFlags(['volume=epochs'])).toThrow(/^invalid column flag: volume is /);
  });
});
