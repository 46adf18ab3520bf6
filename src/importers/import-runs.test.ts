import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatRuns } from '../observations/index.ts';
import { importRuns, readRunsFile } from './import-runs.ts';
import { IMPORTERS } from './registry.ts';

const WIDE = 'run,step,w_web,w_code,web_loss,code_loss\na,1000,0.6,0.4,4.1,3.2\nb,1000,0.2,0.8,4.4,2.9\n';
const LONG = 'run,step,domain,loss,w_web,w_code\na,1000,web,4.1,0.6,0.4\nb,1000,web,4.4,0.2,0.8\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, content);
  return whole;
}

describe('importing', () => {
  test.each([
    ['t.csv', WIDE, 0],
    ['t.csv', WIDE.slice(0, -1), 1],
    ['t.csv', WIDE.slice(0, -2), 1],
    ['t.jsonl', '{"run":"a","w_web":0.5,"w_code":0.5,"web_loss":3,"code_loss":2}', 0],
  ])('says of %s, %j, that the last line may be cut: %i', async (name, content, count) => {
    const { findings } = await importRuns([file(name, content)]);
    expect(findings.filter(({ code }) => code === 'no-final-newline')).toHaveLength(count);
  });

  test('chooses the format by what the file holds, and records where the runs came from', async () => {
    const whole = file('t.csv', WIDE);
    const { format, reason, table } = await importRuns([whole]);
    expect(format).toBe('wide');
    expect(reason).toBe('shares of 2 domains, losses of 2 domains');
    expect(table.provenance).toMatchObject({
      format: 'wide',
      inputs: [{ file: whole, sha256: createHash('sha256').update(WIDE).digest('hex'), bytes: WIDE.length }],
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect((await importRuns([file('l.csv', LONG)])).format).toBe('long');
  });

  test('takes folders for the files in them, without hidden ones', async () => {
    file('2.csv.gz', gzipSync(WIDE.replace('\na', '\nc').replace('\nb', '\nd')));
    file('1.csv', WIDE);
    file('.DS_Store', Uint8Array.of(0));
    mkdirSync(path.join(folder, 'deeper'));
    const { table } = await importRuns([folder]);
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(table.provenance.inputs.map(input => path.basename(input.file))).toEqual(['1.csv', '2.csv.gz']);
  });

  test('applies unit, bytes per token, tokens per step, mapping and tolerance to any format', async () => {
    const whole = file('t.csv', WIDE.replace('0.6', '0.61'));
    const { table } = await importRuns([whole], {
      lossUnit: 'bpb',
      bytesPerToken: { web: 4, code: 3 },
      tokensPerStep: 1024,
      mapping: { web: null },
      sumTolerance: 0.02,
    });
    expect(table.losses[0]).toBeCloseTo(4.1 * 4 * Math.LN2, 12);
    expect(table.tokensPerStep).toBe(1024);
    expect(Array.from(table.ownDomain)).toEqual([-1, 1]);
    await expect(importRuns([whole], { sumTolerance: 0.001 })).rejects.toMatchObject({ code: 'invalid-mixture' });
  });

  test.each<[string, string, object, object]>([
    ['a misspelt format', WIDE, { format: 'wides' }, { code: 'unknown-format', hint: 'Did you mean "wide"?' }],
    ['the wrong format', WIDE, { format: 'bimix' }, { code: 'invalid-json', where: { line: 1, column: 1 } }],
    ['no known format', 'a note\n', {}, { code: 'unknown-format', hint: expect.stringMatching(/slimpajama/) }],
    [
      'an unknown table',
      'date,value\n1,2\n',
      {},
      { code: 'unknown-format', hint: expect.stringMatching(/has: date, value/) },
    ],
    ['an empty file', '', {}, { code: 'invalid-file', message: expect.stringMatching(/it is empty$/) }],
    ['a binary file', 'abc\0', {}, { code: 'invalid-text', where: { byte: 3 } }],
  ])('refuses %s', async (_, content, options, refusal) => {
    await expect(importRuns([file('t', content)], options)).rejects.toMatchObject({ name: 'BimixError', ...refusal });
    expect(readdirSync(folder)).toEqual(['t']);
  });

  test('refuses no path, a path that is not there, and a folder without files', async () => {
    await expect(importRuns([])).rejects.toMatchObject({ code: 'missing-file' });
    await expect(importRuns([path.join(folder, 'none')])).rejects.toMatchObject({ code: 'missing-file' });
    await expect(importRuns([folder])).rejects.toMatchObject({ code: 'missing-file' });
  });

  test('knows its importers by names that differ', () => {
    const names = IMPORTERS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('runs.jsonl', () => {
  test('is read back as it was written, with the first provenance', async () => {
    const { table } = await importRuns([file('t.csv', WIDE)]);
    const runs = file('runs.jsonl', [...formatRuns(table)].join(''));
    expect((await readRunsFile(runs)).table).toEqual(table);
    expect(await importRuns([runs])).toMatchObject({ format: 'bimix', table });
  });

  test('tells of repairs it still needs', async () => {
    const { table } = await importRuns([file('t.csv', WIDE)]);
    const lines = [...formatRuns(table)];
    const runs = file('runs.jsonl', [lines[0].replace(/"rows":\d+,/, ''), ...lines.slice(1), lines[1]].join(''));
    expect((await readRunsFile(runs)).findings.map(({ code }) => code)).toContain('merged-rows');
  });

  test('is refused when it is something else, with the command that makes one', async () => {
    const whole = file('t.csv', WIDE);
    await expect(readRunsFile(whole)).rejects.toMatchObject({
      code: 'unknown-format',
      hint: `Make one with: bimix import ${whole} -o runs.jsonl`,
    });
    const plan = file('plan.jsonl', '{"kind":"bimix-plan","schemaVersion":1}\n');
    await expect(readRunsFile(plan)).rejects.toMatchObject({
      hint: expect.stringContaining(`It is a plan. Train it, bimix run ${plan}`),
    });
    await expect(readRunsFile(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'missing-file' });
  });
});
