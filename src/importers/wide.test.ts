import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import type { ImportOptions } from './importer.ts';
import { wide } from './wide.ts';

const TABLE = [
  'run,step,model_size,seed,weight_web,weight_code,web_loss,code_loss,lr',
  'a,1000,70M,0,0.6,0.4,4.1,3.2,0.01',
  'a,2000,70M,0,0.6,0.4,3.9,,0.01',
  'b,1000,70M,0,0.2,0.8,4.4,2.9,0.01',
];
const MIXTURES = ['run,ratio_web,ratio_code', 'a,0.6,0.4', 'b,0.2,0.8'];
const LOSSES = ['run,step,eval_web_loss,eval_code_loss', 'a,1000,4.1,3.2', 'a,2000,3.9,', 'b,1000,4.4,2.9'];

const read = (lines: readonly string[], options: ImportOptions = {}) =>
  imported(wide, [fileOf('t.csv', lines)], options);
const pair = (mixtures: readonly string[] = MIXTURES, losses: readonly string[] = LOSSES) => [
  fileOf('mixtures.csv', mixtures),
  fileOf('losses.csv', losses),
];

describe('a wide table', () => {
  test('gives runs, sizes, seeds, steps, mixtures and losses, and tells which columns it did not read', async () => {
    expect(await wide.detect([fileOf('t.csv', TABLE)])).toEqual({
      confidence: 'likely',
      reason: 'shares of 2 domains, losses of 2 domains',
    });
    const { table, findings } = await read(TABLE);
    expect(table.runs).toEqual([
      { name: 'a', size: 7e7, seed: 0 },
      { name: 'b', size: 7e7, seed: 0 },
    ]);
    expect(table.trainingDomains).toEqual(['web', 'code']);
    expect(Array.from(table.mixtures)).toEqual([0.6, 0.4, 0.2, 0.8]);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(Array.from(table.losses)).toEqual([4.1, 3.2, 3.9, Number.NaN, 4.4, 2.9]);
    expect(findings.find(({ code }) => code === 'ignored-columns')?.items).toEqual(['column "lr" of t.csv']);
  });

  test('is the same as TSV, JSON lines, Parquet, gzip, with a byte order mark and CRLF', async () => {
    const { table } = await read(TABLE);
    const [header, ...rows] = TABLE.map(line => line.split(','));
    const records = rows.map(row => Object.fromEntries(row.map((cell, i) => [header[i], cell])));
    const columnData = header.map((name, i) => {
      const isText = i === 0 || i === 2;
      return isText
        ? { name, data: rows.map(row => row[i]), type: 'STRING' as const }
        : { name, data: rows.map(row => (row[i] === '' ? Number.NaN : Number(row[i]))), type: 'DOUBLE' as const };
    });
    const nested = records.map(record => ({
      run: record.run,
      step: Number(record.step),
      size: 7e7,
      seed: 0,
      weights: { web: Number(record.weight_web), code: Number(record.weight_code) },
      losses: { web: Number(record.web_loss), code: record.code_loss === '' ? null : Number(record.code_loss) },
    }));
    for (const content of [
      TABLE.map(line => line.replaceAll(',', '\t')),
      `\uFEFF${TABLE.join('\r\n')}\r\n`,
      gzipSync(TABLE.join('\n')),
      records.map(record => JSON.stringify(record)),
      nested.map(record => JSON.stringify(record)),
      new Uint8Array(parquetWriteBuffer({ columnData })),
    ]) {
      const file = fileOf('t', content);
      expect(await wide.detect([file])).toMatchObject({ confidence: 'likely' });
      expect((await imported(wide, [file])).table).toEqual(table);
    }
  });

  test('counts tokens where it has them, unless the map says steps or none', async () => {
    const both = TABLE.map((line, i) => `${line},${['tokens', '1B', '2B', '1B'][i]}`);
    expect((await read(both)).table).toMatchObject({ volumeUnit: 'tokens', rowVolume: Float64Array.of(1e9, 2e9, 1e9) });
    expect((await read(both, { columns: { volume: 'steps' } })).table.volumeUnit).toBe('steps');
    const one = TABLE.filter((_, i) => i !== 2);
    expect((await read(one, { columns: { volume: 'none' } })).table.volumeUnit).toBe('none');
  });

  test('may have any column names, by a map', async () => {
    const strange = ['exp,variant,it,A,B,ce A,ce B', 'x,1,10,0.6,0.4,4,3', 'x,2,10,0.2,0.8,4,3'];
    const columns = {
      run: ['exp', 'variant'],
      step: 'it',
      weights: ['A', 'B'],
      losses: 'ce *',
    };
    const stranger = strange.map((line, i) => (i === 0 ? line.replaceAll('ce ', 'crit ') : line));
    expect(await wide.detect([fileOf('t.csv', stranger)])).toBe(false);
    expect(await wide.detect([fileOf('t.csv', strange)], { columns })).toMatchObject({ confidence: 'likely' });
    const { table } = await read(strange, { columns });
    expect(table.runs.map(({ name }) => name)).toEqual(['x-1', 'x-2']);
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
  });

  test('without run names tells runs by mixture, size and seed', async () => {
    const nameless = [
      'size,seed,tokens,w_web,w_code,web_loss,code_loss',
      '7e7,1,1e9,0.6,0.4,4.1,3.2',
      '7e7,1,1e9,0.2,0.8,4.4,2.9',
      '7e7,1,2e9,0.6,0.4,4,3',
      '1e8,2,1e9,0.6,0.4,4,3',
    ];
    const { table } = await read(nameless);
    expect(table.runs).toEqual([
      { name: '000-seed1', size: 7e7, seed: 1 },
      { name: '000-seed2', size: 1e8, seed: 2 },
      { name: '001-seed1', size: 7e7, seed: 1 },
    ]);
    expect(Array.from(table.rowRun)).toEqual([0, 1, 2, 2]);
  });

  test('may come in parts with the same training domains', async () => {
    const [header, ...rows] = TABLE;
    const parts = [fileOf('1.csv', [header, ...rows.slice(0, 2)]), fileOf('2.csv', [header, rows[2]])];
    expect((await imported(wide, parts)).table).toEqual((await read(TABLE)).table);
  });
});

describe('mixtures and losses in two wide tables', () => {
  test('are joined by run, in either order', async () => {
    expect(await wide.detect(pair())).toMatchObject({ confidence: 'likely' });
    const { table, findings } = await imported(wide, pair());
    expect(Array.from(table.mixtures)).toEqual([0.6, 0.4, 0.2, 0.8]);
    expect(Array.from(table.losses)).toEqual([4.1, 3.2, 3.9, Number.NaN, 4.4, 2.9]);
    expect(countOf(findings, 'unmatched-losses') + countOf(findings, 'unmatched-mixtures')).toBe(0);
    expect((await imported(wide, pair().reverse())).table).toEqual(table);
  });

  test('are joined by run, size and step where both have them, and take tokens from either', async () => {
    const log = [
      'run,size,step,tokens,ratio_web,ratio_code',
      'a,70M,1000,1B,0.6,0.4',
      'a,70M,2000,2B,0.6,0.4',
      'a,160M,1000,1B,0.5,0.5',
    ];
    const losses = ['run,size,step,web_loss,code_loss', 'a,70M,2000,4,3', 'a,160M,1000,3.5,3'];
    const { table, findings } = await imported(wide, pair(log, losses));
    expect(table.runs).toEqual([
      { name: 'a', size: 7e7 },
      { name: 'a', size: 1.6e8 },
    ]);
    expect(table).toMatchObject({ volumeUnit: 'tokens', rowVolume: Float64Array.of(2e9, 1e9) });
    expect(Array.from(table.mixtures)).toEqual([0.6, 0.4, 0.5, 0.5]);
    expect(findings.find(({ code }) => code === 'unmatched-mixtures')).toMatchObject({
      kind: 'note',
      items: ['mixtures.csv: run a at step 1000 (line 2)'],
    });
  });

  test('that find no counterpart are listed on both sides', async () => {
    const { table, findings } = await imported(wide, pair([...MIXTURES, 'c,0.5,0.5'], [...LOSSES, 'd,1000,4,3']));
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(findings.find(({ code }) => code === 'unmatched-losses')).toMatchObject({
      kind: 'repair',
      items: ['losses.csv: run d at step 1000 (line 5)'],
    });
    expect(findings.find(({ code }) => code === 'unmatched-mixtures')?.items).toEqual(['mixtures.csv: run c (line 4)']);
  });

  test.each<[string, Refusal & { mixtures?: string[]; losses?: string[] }]>([
    [
      'no run in common',
      {
        losses: LOSSES.map(line => line.replace(/^[ab]/, 'x')),
        code: 'missing-runs',
        message: /no row of losses.csv has a mixture in mixtures.csv/,
        where: { file: 'losses.csv', line: 2 },
      },
    ],
    [
      'no column with the run',
      {
        mixtures: MIXTURES.map(line => line.replace('run', 'what')),
        code: 'missing-column',
        message: /run in mixtures.csv/,
      },
    ],
    [
      'a run with two mixtures',
      {
        mixtures: [...MIXTURES, 'a,0.5,0.5'],
        code: 'ambiguous-mixture',
        message: /"web" is 0.5 here and 0.6 at mixtures.csv:2/,
        where: { file: 'mixtures.csv', line: 4 },
      },
    ],
    [
      'shares that sum to 0.9',
      {
        mixtures: [MIXTURES[0], 'a,0.5,0.4', 'b,0.2,0.8'],
        code: 'invalid-mixture',
        message: /"a": proportions sum to 0.9/,
        where: { file: 'mixtures.csv', line: 2 },
      },
    ],
  ])('with %s are refused', async (_, { mixtures, losses, ...refusal }) => {
    await expectRefusal(wide, pair(mixtures, losses), refusal);
  });
});

/** The table with one of its lines changed. */
const changed = (line: number, from: string | RegExp, to: string) =>
  TABLE.map((text, i) => (i === line ? text.replace(from, to) : text));

const BROKEN: Record<string, Refusal & { content: readonly string[] | string | Uint8Array; options?: ImportOptions }> =
  {
    'an empty file': { content: '', code: 'invalid-table', message: /empty/, where: { line: 1 } },
    'a header only': { content: [TABLE[0]], code: 'invalid-table', message: /no rows/, where: { line: 1 } },
    'a truncated last row': {
      content: TABLE.join('\n').slice(0, -12),
      code: 'invalid-table',
      message: /a row has 7 columns, the header has 9/,
      where: { line: 4 },
    },
    'a row too long': {
      content: changed(2, /$/, ',1'),
      code: 'invalid-table',
      message: /10 columns/,
      where: { line: 3 },
    },
    'text in a loss': {
      content: changed(1, '4.1', 'low'),
      code: 'invalid-number',
      message: /"low" in column "web_loss"/,
      where: { file: 't.csv', line: 2, column: 22 },
    },
    'text in a share': {
      content: changed(3, '0.2', 'some'),
      code: 'invalid-number',
      message: /"some" in column "weight_web"/,
      where: { line: 4, column: 14 },
    },
    'no share': {
      content: changed(1, '0.6', ''),
      code: 'missing-share',
      message: /share of "web" in run "a"/,
      where: { line: 2 },
    },
    'NaN in a step': {
      content: changed(1, '1000', 'NaN'),
      code: 'missing-volume',
      message: /steps/,
      where: { line: 2 },
    },
    'text in a step': {
      content: changed(1, '1000', 'first'),
      code: 'invalid-number',
      message: /"first" in column "step"/,
      where: { line: 2, column: 3 },
    },
    'a size with a broken suffix': {
      content: changed(1, '70M', 'x70M'),
      code: 'invalid-size',
      message: /"x70M" in column "model_size"/,
      where: { line: 2, column: 8 },
    },
    'no run name': {
      content: changed(2, /^a/, ''),
      code: 'missing-value',
      message: /"run"/,
      where: { line: 3, column: 1 },
    },
    'shares that sum to 0.9': {
      content: changed(1, '0.6', '0.5'),
      code: 'invalid-mixture',
      message: /sum to 0.9/,
      where: { line: 2 },
    },
    'shares that sum to 1.3': {
      content: changed(1, '0.6', '0.9'),
      code: 'invalid-mixture',
      message: /sum to 1.3/,
      where: { line: 2 },
    },
    'a negative loss': { content: changed(1, '3.2', '-3.2'), code: 'invalid-loss', message: /-3.2 of "code"/ },
    'a diverged loss': { content: changed(1, '3.2', 'inf'), code: 'invalid-loss', message: /Infinity of "code"/ },
    'a column twice': {
      content: changed(0, 'lr', 'web_loss'),
      code: 'invalid-table',
      message: /columns 7 and 9 are both called "web_loss"/,
      where: { line: 1, column: 68 },
    },
    'a header of something else': {
      content: ['date,value', '1,2'],
      code: 'unknown-format',
      message: /no shares of tokens and no losses by domain recognized/,
      where: { line: 1 },
    },
    'no losses': { content: MIXTURES, code: 'missing-column', message: /losses in t.csv/ },
    'no shares': { content: LOSSES, code: 'missing-column', message: /shares of tokens in t.csv/ },
    'one row for each loss': {
      content: ['run,domain,loss,w_a,w_b', 'x,a,3,0.5,0.5'],
      code: 'invalid-table',
      message: /one row for each loss/,
    },
    'a mapped column that is not there': {
      content: TABLE,
      options: { columns: { run: 'experiment' } },
      code: 'missing-column',
      message: /"experiment"/,
    },
    'a run of two seeds': {
      content: changed(2, '70M,0', '70M,1'),
      code: 'ambiguous-seed',
      message: /1 here and 0 at t.csv:2/,
      where: { line: 3 },
    },
    'a quote never closed': { content: changed(2, '3.9', '"3.9'), code: 'invalid-table', message: /never closed/ },
    'a huge line': { content: changed(2, '3.9', '9'.repeat(2_000_000)), code: 'invalid-table', message: /longer than/ },
    'binary data': {
      content: Uint8Array.from([0x72, 0x75, 0x6e, 0, 1, 2]),
      code: 'invalid-text',
      message: /binary/,
      where: { byte: 3 },
    },
    'text that is not UTF-8': {
      content: Buffer.from(changed(1, /^a/, 'é').join('\n'), 'latin1'),
      code: 'invalid-text',
      message: /UTF-8/,
      where: { byte: TABLE[0].length + 1 },
    },
    'a truncated Parquet file': {
      content: new Uint8Array(
        parquetWriteBuffer({ columnData: [{ name: 'w_a', data: [1, 2], type: 'DOUBLE' }] }).slice(0, -9),
      ),
      code: 'invalid-parquet',
      message: /t.csv/,
    },
    'JSON that is cut short': {
      content: '{"run":"a","weights":{"a":0.5,"b":0.5},"losses":{"a":3,"b":3}}\n{"run":"b","wei',
      code: 'invalid-json',
      message: /ends too early/,
      where: { line: 2, column: 12 },
    },
  };

describe('the wide importer refuses', () => {
  test.each(Object.entries(BROKEN))('%s', async (_, { content, options, ...refusal }) => {
    await expectRefusal(wide, [fileOf('t.csv', content)], refusal, options);
  });
});

test('tables with different training domains are not read as one', async () => {
  const other = TABLE.map((line, i) => (i === 0 ? line.replace('weight_code', 'weight_books') : line));
  await expectRefusal(wide, [fileOf('1.csv', TABLE), fileOf('2.csv', other)], {
    code: 'ambiguous-domains',
    message: /only one of 1.csv and 2.csv has "books"/,
    where: { file: '2.csv', line: 1 },
  });
});
