import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mixtureToRecord } from '../mixture/index.ts';
import { readBounds, readDomainNumbers, readMixtureFile } from './domain-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-domains-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, content);
  return whole;
}

describe('a mixture file', () => {
  test.each([
    ['m.yaml', '# shares of tokens\nweb: 0.6\ncode: 0.4\n'],
    ['m.yaml', 'mixture:\n  web: 0.6\n  code: 0.4\nlaw: bimix\n'],
    ['m.json', '{"web": 0.6, "code": 0.4}'],
    ['m.json', '\uFEFF{"mixture": {"web": 0.6, "code": 0.4}, "seed": 1}'],
    ['m.csv', '# shares of tokens, by law\ndomain,proportion\nweb,0.6\ncode,0.4\n'],
    ['m.csv', 'domain,proportion,tokens\r\nweb,0.6,6\r\ncode,0.4,4\r\n'],
  ])('%s may hold %j', async (name, content) => {
    expect(mixtureToRecord(await readMixtureFile(file(name, content)))).toEqual({ web: 0.6, code: 0.4 });
  });

  test('is normalized within the tolerance and refused outside, with its name', async () => {
    const close = await readMixtureFile(file('m.yaml', 'web: 0.6\ncode: 0.404\n'));
    expect(close.proportions[0] + close.proportions[1]).toBe(1);
    const far = file('far.yaml', 'web: 0.6\ncode: 0.3\n');
    await expect(readMixtureFile(far)).rejects.toMatchObject({ code: 'invalid-mixture', where: { file: far } });
    await expect(readMixtureFile(far, { sumTolerance: 0.2 })).resolves.toBeDefined();
  });

  test.each([
    ['m.yaml', 'web: 0.6\ncode: much\n', 'invalid-share', { line: 2, column: 7 }],
    ['m.yaml', 'mixture:\n  web:\n', 'invalid-share', { line: 2, column: 7 }],
    ['m.yaml', 'web: 0.6\nweb: 0.4\n', 'invalid-yaml', { line: 2, column: 1 }],
    ['m.yaml', 'web: 0.6\n\tcode: 0.4\n', 'invalid-yaml', { line: 2, column: 1 }],
    ['m.yaml', 'web: *unknown\n', 'invalid-yaml', {}],
    ['m.json', '{"web": 0.6,\n "code" 0.4}', 'invalid-yaml', { line: 2 }],
    ['m.yaml', '', 'invalid-config', { line: 1 }],
    ['m.yaml', '- web\n- code\n', 'invalid-config', { line: 1 }],
    ['m.yaml', 'web: 1.2\ncode: -0.2\n', 'invalid-mixture', {}],
    ['m.csv', 'domain,share\nweb,1\n', 'missing-column', { line: 1 }],
    ['m.csv', 'domain,proportion\nweb,0.5\nweb,0.5\n', 'invalid-share', { line: 3, column: 1 }],
    ['m.csv', 'domain,proportion\nweb,0.5\ncode,x\n', 'invalid-number', { line: 3, column: 6 }],
    ['m.csv', 'domain,proportion\nweb,0.5\ncode,\n', 'invalid-share', { line: 3, column: 6 }],
  ])('%s with %j is refused', async (name, content, code, where) => {
    const whole = file(name, content);
    const error = readMixtureFile(whole);
    await expect(error).rejects.toMatchObject({ name: 'BimixError', code, where: { file: whole, ...where } });
  });
});

describe('numbers by domain', () => {
  test('may be written as quantities, and may be 0', async () => {
    const numbers = await readDomainNumbers(file('n.yaml', 'web: 12B\ncode: 1.5e11\nbooks: 0\n'), 'tokens available');
    expect(numbers).toEqual({ web: 12e9, code: 1.5e11, books: 0 });
  });

  test.each(['web: lots', 'web: -1', 'web: [1]', 'web:', 'web: .nan', 'web: .inf'])('%j is refused', async content => {
    const whole = file('n.yaml', `code: 1\n${content}\n`);
    await expect(readDomainNumbers(whole, 'tokens available')).rejects.toMatchObject({
      code: 'invalid-quantity',
      message: expect.stringMatching(/^invalid tokens available of "web": /),
      where: { file: whole, line: 2 },
    });
  });
});

describe('bounds of shares', () => {
  test('are pairs, or min and max', async () => {
    const bounds = await readBounds(file('b.yaml', 'a: [0.1, 0.5]\nb: {max: 0.3}\nc:\n  min: 0.2\nd: [0.2, 0.2]\n'));
    expect(bounds).toEqual({
      a: { lower: 0.1, upper: 0.5 },
      b: { lower: 0, upper: 0.3 },
      c: { lower: 0.2, upper: 1 },
      d: { lower: 0.2, upper: 0.2 },
    });
  });

  test.each(['0.3', '[0.5, 0.1]', '[-0.1, 0.5]', '[0.1, 1.5]', '[0.1]', '[a, b]', '{top: 0.3}', '{min: x}', ''])(
    '%j is refused',
    async content => {
      const whole = file('b.yaml', `other: [0, 1]\nweb: ${content}\n`);
      await expect(readBounds(whole)).rejects.toMatchObject({
        code: 'invalid-bounds',
        where: { file: whole, line: 2 },
      });
    },
  );
});
