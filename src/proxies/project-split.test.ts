import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { BimixError } from '../errors/index.ts';
import type { Project } from './project.ts';
import { prepareText } from './project-split.ts';
import { readProject } from './project-yaml.ts';

const base = mkdtempSync(path.join(tmpdir(), 'bimix-split-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

/** Documents that have nothing in common. */
const prose = (from: number, documents: number) =>
  Array.from({ length: documents }, (_, n) =>
    Array.from({ length: 30 }, (_, k) => `${((from + n) * 7919 + k * 104_729) % 999_983}`).join(' '),
  );

async function project(files: Record<string, string | Uint8Array>, domains: string): Promise<Project> {
  const folder = path.join(base, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'bimix.yaml'), `domains: ${domains}\n`);
  return readProject(path.join(folder, 'bimix.yaml'));
}

const textsIn = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).text);
const lines = (texts: readonly string[], field = 'text') =>
  texts.map(text => `${JSON.stringify({ [field]: text })}\n`).join('');

describe('text of a project', () => {
  test('is split between documents, whatever the format and the order of its files', async () => {
    const files = { 'a.jsonl': lines(prose(0, 100), 'body'), 'b.jsonl.gz': gzipSync(lines(prose(500, 100), 'body')) };
    const made = await project(
      files,
      '{web: {files: "*.jsonl*", text: body}, other: "a.jsonl"}'.replace('"a.jsonl"', 'c.txt'),
    );
    writeFileSync(path.join(made.folder, 'c.txt'), prose(900, 400).join('\n\n'));
    const folder = path.join(made.folder, 'runs');
    const [web, other] = await prepareText(made, folder, 1e6);
    const [train, validation] = [textsIn(web.train[0]), textsIn(web.validation[0])];
    expect([...train, ...validation].sort()).toEqual([...prose(0, 100), ...prose(500, 100)].sort());
    expect(validation.length).toBeGreaterThan(5);
    // One document, which is cut into parts so that some can be kept.
    expect(textsIn(other.validation[0]).length).toBeGreaterThan(0);
    const again = await prepareText(made, path.join(made.folder, 'again'), 1e6);
    expect(textsIn(again[0].validation[0])).toEqual(validation);
  });

  test('is freed of duplicates, and no longer than asked', async () => {
    const made = await project(
      { 'a.jsonl': lines([...prose(0, 60), ...prose(0, 60)]), 'b.jsonl': lines(prose(100, 2000)) },
      '{a: a.jsonl, b: b.jsonl}',
    );
    const removed: [string, number][] = [];
    const [a, b] = await prepareText(made, path.join(made.folder, 'runs'), 50_000, ({ name, duplicates }) =>
      removed.push([name, duplicates]),
    );
    expect(removed).toEqual([
      ['a', 60],
      ['b', 0],
    ]);
    expect(textsIn(a.train[0]).length + textsIn(a.validation[0]).length).toBe(60);
    const size = [...textsIn(b.train[0]), ...textsIn(b.validation[0])].join('').length;
    expect([size > 40_000, size <= 50_000]).toEqual([true, true]);
  });

  test('that is split already is taken as it is', async () => {
    const made = await project(
      { 't.jsonl': lines(prose(0, 3), 'body'), 'v.jsonl': lines(prose(9, 3), 'body') },
      '{a: {train: t.jsonl, validation: v.jsonl, text: body}, b: {train: t2.jsonl, validation: v2.jsonl}}',
    );
    const [a, b] = await prepareText(made, path.join(made.folder, 'runs'), 1000);
    expect(a).toEqual({
      name: 'a',
      train: [path.join(made.folder, 't.jsonl')],
      validation: [path.join(made.folder, 'v.jsonl')],
      read: { text: 'body' },
    });
    expect(b.read).toBeUndefined();
  });

  test.each([
    [{ 'a.jsonl': lines(['short']), 'b.jsonl': lines(prose(0, 9)) }, 'missing documents of "a": too little text'],
    [{ 'a.jsonl': lines(prose(0, 9)) }, 'missing files: nothing matches "b.jsonl"'],
  ])('%# that will not do is refused by the name of its domain', async (files, message) => {
    const made = await project(files, '{a: a.jsonl, b: b.jsonl}');
    const error: BimixError = await prepareText(made, path.join(made.folder, 'runs'), 1e5).then(
      () => Promise.reject(new Error('nothing was refused')),
      cause => cause,
    );
    expect(error.describe()).toContain(message);
  });
});
