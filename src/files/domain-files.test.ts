import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBounds, readDomainNumbers } from './domain-files.ts';

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
