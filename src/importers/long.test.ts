import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import type { ImportOptions } from './importer.ts';
import { long } from './long.ts';
import { wide } from './wide.ts';

const TABLE = [
  'run,step,domain,loss,w_web,w_code',
  'a,1000,web,4.1,0.6,0.4',
  'a,1000,code,3.2,0.6,0.4',
  'a,2000,web,3.9,0.6,0.4',
  'b,1000,code,2.9,0.2,0.8',
  'b,1000,web,4.4,0.2,0.8',
];
const MIXTURES = ['run,w_web,w_code', 'a,0.6,0.4', 'b,0.2,0.8'];
const LOSSES = TABLE.map(line => line.split(',').slice(0, 4).join());

const read = (lines: readonly string[], options: ImportOptions = {}) =>
  imported(long, [fileOf('t.csv', lines)], options);
const pair = (mixtures: readonly string[] = MIXTURES, losses: readonly string[] = LOSSES) => [
  fileOf('mixtures.csv', mixtures),
  fileOf('losses.csv', losses),
];

describe('a long table', () => {
  test('gathers the losses of a checkpoint; those it lacks are missing', async () => {
    expect(await long.detect([fileOf('t.csv', TABLE)])).toMatchObject({ confidence: 'likely' });
    expect(await wide.detect([fileOf('t.csv', TABLE)])).toBe(false);
    const { table, findings } = await read(TABLE);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(Array.from(table.losses)).toEqual([4.1, 3.2, 3.9, Number.NaN, 4.4, 2.9]);
    expect(Array.from(table.mixtures)).toEqual([0.6, 0.4, 0.2, 0.8]);
    expect(findings.filter(({ kind }) => kind === 'repair')).toEqual([]);
  });

  test('is the same as TSV, JSON lines and Parquet, with a byte order mark and CRLF', async () => {
    const { table } = await read(TABLE);
    const [header, ...rows] = TABLE.map(line => line.split(','));
    const records = rows.map(row => Object.fromEntries(row.map((cell, i) => [header[i], cell])));
    const columnData = header.map((name, i) =>
      i === 0 || i === 2
        ? { name, data: rows.map(row => row[i]), type: 'STRING' as const }
        : { name, data: rows.map(row => Number(row[i])), type: 'DOUBLE' as const },
    );
    for (const content of [
      TABLE.map(line => line.replaceAll(',', '\t')),
      `\uFEFF${TABLE.join('\r\n')}\r\n`,
      records.map(record => JSON.stringify(record)),
      new Uint8Array(parquetWriteBuffer({ columnData })),
    ]) {
      expect((await imported(long, [fileOf('t', content)])).table).toEqual(table);
    }
  });

  test('is joined with mixtures from a second table by run', async () => {
    expect(await long.detect(pair())).toMatchObject({ confidence: 'likely' });
    const { table } = await read(TABLE);
    expect((await imported(long, pair())).table).toEqual(table);
    expect((await imported(long, pair().reverse())).table).toEqual(table);
    const { findings } = await imported(long, pair([...MIXTURES, 'c,1,0'], [...LOSSES, 'd,1,web,3', 'd,1,code,3']));
    expect(countOf(findings, 'unmatched-mixtures')).toBe(1);
    expect(findings.find(({ code }) => code === 'unmatched-losses')?.items).toEqual([
      'losses.csv: run d at step 1 (line 7)',
      'losses.csv: run d at step 1 (line 8)',
    ]);
  });

  test('without run names tells runs by mixture', async () => {
    const { table } = await read(TABLE.map(line => line.slice(line.indexOf(',') + 1)));
    expect(table.runs.map(({ name }) => name)).toEqual(['000', '001']);
    expect(Array.from(table.mixtures)).toEqual([0.2, 0.8, 0.6, 0.4]);
  });

  test('counts losses given twice, and stops at two that differ unless the last is to count', async () => {
    const lines = [...TABLE, TABLE[1], 'a,1000,code,3.3,0.6,0.4', 'a,1000,web,,0.6,0.4'];
    await expect(read(lines)).rejects.toMatchObject({
      code: 'ambiguous-checkpoint',
      message: 'ambiguous checkpoint: a at 1000 steps has two values of "code", 3.2 at t.csv:3 and 3.3',
      where: { file: 't.csv', line: 8 },
    });
    const { table, findings } = await read(lines, { onContradiction: 'last' });
    expect(Array.from(table.losses.subarray(0, 2))).toEqual([4.1, 3.3]);
    expect(findings.find(({ code }) => code === 'merged-rows')).toMatchObject({
      count: 1,
      items: ['a, web (t.csv:7)'],
    });
    expect(findings.find(({ code }) => code === 'conflicting-losses')).toMatchObject({
      kind: 'repair',
      items: ['a, code (t.csv:8): 3.2 replaced by 3.3'],
    });
  });

  test('may have any column names, by a map', async () => {
    const strange = ['exp,it,where,ce,A,B', 'x,1,A,4,0.6,0.4', 'y,1,A,3,0.2,0.8'];
    const columns = { run: 'exp', step: 'it', domain: 'where', loss: 'ce', weights: { web: 'A', code: 'B' } };
    expect(await long.detect([fileOf('t.csv', strange)], { columns })).toMatchObject({ confidence: 'likely' });
    const { table } = await read(strange, { columns, mapping: { A: 'web' } });
    expect(table.trainingDomains).toEqual(['web', 'code']);
    expect(table.evaluationDomains).toEqual(['A']);
    expect(Array.from(table.ownDomain)).toEqual([0]);
  });
});

/** The table with one of its lines changed. */
const changed = (line: number, from: string | RegExp, to: string) =>
  TABLE.map((text, i) => (i === line ? text.replace(from, to) : text));

const BROKEN: Record<string, Refusal & { content: readonly string[] | string | Uint8Array; options?: ImportOptions }> =
  {
    'an empty file': { content: '\n\n', code: 'invalid-table', message: /empty/, where: { line: 1 } },
    'a header only': { content: [TABLE[0]], code: 'invalid-table', message: /no rows/, where: { line: 1 } },
    'a truncated last row': {
      content: TABLE.join('\n').slice(0, -8),
      code: 'invalid-table',
      message: /a row has 4 columns, the header has 6/,
      where: { line: 6 },
    },
    'a row too long': {
      content: changed(2, /$/, ',1'),
      code: 'invalid-table',
      message: /7 columns/,
      where: { line: 3, column: 25 },
    },
    'text in a loss': {
      content: changed(1, '4.1', 'low'),
      code: 'invalid-number',
      message: /"low" in column "loss"/,
      where: { file: 't.csv', line: 2, column: 12 },
    },
    'no domain': {
      content: changed(1, 'web', ''),
      code: 'missing-value',
      message: /"domain"/,
      where: { line: 2, column: 8 },
    },
    'NaN for every loss': {
      content: TABLE.map((line, i) => (i === 0 ? line : line.replace(/[\d.]+(?=,[^,]*,[^,]*$)/, 'NaN'))),
      code: 'missing-losses',
      message: /none of 3 rows has one/,
    },
    'two mixtures in one checkpoint': {
      content: changed(2, '0.6,0.4', '0.5,0.5'),
      code: 'ambiguous-mixture',
      message: /"web" is 0.5 here and 0.6 at t.csv:2/,
      where: { line: 3 },
    },
    'two mixtures in one run': {
      content: changed(3, '0.6,0.4', '0.5,0.5'),
      code: 'ambiguous-mixture',
      message: /run "a".*"web" is 0.5 here and 0.6 at t.csv:2/,
      where: { line: 4 },
    },
    'shares that sum to 0.9': {
      content: TABLE.map(line => line.replace('0.2,0.8', '0.2,0.7')),
      code: 'invalid-mixture',
      message: /"b": proportions sum to 0.9/,
      where: { line: 5 },
    },
    'shares that sum to 1.3': {
      content: TABLE.map(line => line.replace('0.2,0.8', '0.2,1.1')),
      code: 'invalid-mixture',
      message: /sum to 1.3/,
      where: { line: 5 },
    },
    'no step': {
      content: changed(1, '1000', ''),
      code: 'missing-volume',
      message: /steps of run "a"/,
      where: { line: 2 },
    },
    'a step below zero': {
      content: changed(1, '1000', '-5'),
      code: 'invalid-volume',
      message: /-5/,
      where: { line: 2 },
    },
    'a loss of zero': {
      content: changed(1, '4.1', '0'),
      code: 'invalid-loss',
      message: /loss 0 of "web"/,
      where: { line: 2 },
    },
    'a column twice': {
      content: changed(0, 'w_code', 'w_web'),
      code: 'invalid-table',
      message: /columns 5 and 6 are both called "w_web"/,
      where: { line: 1, column: 28 },
    },
    'a header of something else': { content: ['date,value', '1,2'], code: 'unknown-format', message: /t.csv/ },
    'no shares anywhere': { content: LOSSES, code: 'missing-column', message: /shares of tokens/ },
    'a wide table': {
      content: ['run,w_a,w_b,a_loss,b_loss', 'x,0.5,0.5,3,4'],
      code: 'missing-column',
      message: /evaluation domain and its loss/,
    },
    'a mapped column that is not there': {
      content: TABLE,
      options: { columns: { domain: 'set' } },
      code: 'missing-column',
      message: /"set"/,
    },
    'a quote never closed': {
      content: changed(2, 'code', '"code'),
      code: 'invalid-table',
      message: /never closed/,
      where: { line: 3, column: 8 },
    },
    'a huge line': {
      content: changed(2, 'code', 'c'.repeat(2e6)),
      code: 'invalid-table',
      message: /longer than/,
      where: { line: 3 },
    },
    'binary data': {
      content: Uint8Array.from([0x50, 0x51, 3, 4, 0, 0]),
      code: 'invalid-text',
      message: /binary/,
      where: { byte: 4 },
    },
    'Parquet that ends at once': {
      content: Uint8Array.from([0x50, 0x41, 0x52, 0x31, 1, 2]),
      code: 'invalid-parquet',
      message: /t.csv/,
    },
  };

describe('the long importer refuses', () => {
  test.each(Object.entries(BROKEN))('%s', async (_, { content, options, ...refusal }) => {
    await expectRefusal(long, [fileOf('t.csv', content)], refusal, options);
  });

  test('losses of runs that no mixture names', async () => {
    await expectRefusal(long, pair(['run,w_web,w_code', 'x,0.5,0.5']), {
      code: 'missing-runs',
      message: /no row of losses.csv has a mixture in mixtures.csv/,
      where: { file: 'losses.csv', line: 2 },
    });
  });
});
