import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { slimpajama } from './slimpajama.ts';

const HEADER = 'weight_web,weight_code,model_size,n_tokens,web_loss,code_loss,chat_loss';
const ROWS = [
  '0.75,0.25,122000000.0,2000000000.0,3.5,2.1,3.3',
  '0.75,0.25,122000000.0,4000000000.0,3.2,1.9,3.1',
  '0.5,0.5,122000000.0,2000000000.0,3.6,1.8,3.4',
  '0.5,0.5,122000000.0,4000000000.0,3.3,1.6,3.2',
];
const TABLE = [HEADER, ...ROWS];
const table = (rows: readonly string[] | string | Uint8Array) => [fileOf('runs.csv', rows)];
const withRow = (row: string) => table([...TABLE, row]);

describe('the SlimPajama importer', () => {
  test('recognizes its columns, and nothing less', async () => {
    expect(await slimpajama.detect(table(TABLE))).toMatchObject({ confidence: 'certain' });
    for (const missing of ['n_tokens', 'model_size', 'weight_web,weight_code', 'web_loss,code_loss,chat_loss']) {
      expect(await slimpajama.detect(table([HEADER.replace(missing, 'x'), ...ROWS]))).toBe(false);
    }
    expect(await slimpajama.detect(table(TABLE.map((line, i) => `${line},${i === 0 ? 'seed' : 1}`)))).toBe(false);
    expect(await slimpajama.detect([])).toBe(false);
    expect(await slimpajama.detect(table(new Uint8Array([0, 1, 2])))).toBe(false);
  });

  test('leaves a table to the generic importers when the user says what its columns mean', async () => {
    expect(await slimpajama.detect(table(TABLE), { columns: { losses: '*_loss' } })).toBe(false);
  });

  test('names runs by the index of their mixture among the sorted mixtures of a size', async () => {
    const other = ['0.6,0.4,310000000.0,2000000000.0,3.4,1.7,3.2'];
    const { table: runs } = await imported(slimpajama, table([...TABLE, ...other]));
    expect(runs.runs).toEqual([
      { name: '000', size: 122e6 },
      { name: '000', size: 310e6 },
      { name: '001', size: 122e6 },
    ]);
    expect(Array.from(runs.mixtures)).toEqual([0.5, 0.5, 0.6, 0.4, 0.75, 0.25]);
    expect(Array.from(runs.rowVolume)).toEqual([2e9, 4e9, 2e9, 2e9, 4e9]);
  });

  test('keeps an evaluation domain that has no training domain', async () => {
    const { table: runs } = await imported(slimpajama, table(TABLE));
    expect(runs.trainingDomains).toEqual(['web', 'code']);
    expect(runs.evaluationDomains).toEqual(['web', 'code', 'chat']);
    expect(Array.from(runs.ownDomain)).toEqual([0, 1, -1]);
  });

  test('takes mixtures for one run when they agree to five decimals after normalizing', async () => {
    const scaled = '0.752,0.25066667,122000000.0,6000000000.0,3.1,1.8,3.0';
    const rows = [...TABLE.slice(0, 3), scaled];
    const draft = await slimpajama.read(table(rows), {});
    expect(draft.rows.map(({ run }) => run)).toEqual(['000', '000', '000']);
  });

  test('numbers more than a thousand mixtures with four digits', async () => {
    const rows = Array.from({ length: 1001 }, (_, i) => `${i / 2000},${1 - i / 2000},1e8,1e9,3,2,3`);
    const draft = await slimpajama.read(table([HEADER, ...rows]), {});
    expect([draft.rows[0].run, draft.rows[1000].run]).toEqual(['0000', '1000']);
  });

  test('gives runs the same names whatever the order of the rows', async () => {
    const reference = (await imported(slimpajama, table(TABLE))).table;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), async rows => {
        expect((await imported(slimpajama, table([HEADER, ...rows]))).table).toEqual(reference);
      }),
      { seed: 1, numRuns: 24 },
    );
  });

  test('drops the earlier of two checkpoints that are the same one', async () => {
    const { table: runs, findings } = await imported(
      slimpajama,
      table([...TABLE, '0.5,0.5,122000000.0,4000001000.0,3.3,1.6,3.2']),
    );
    expect(Array.from(runs.rowVolume)).toEqual([2e9, 4000001000, 2e9, 4e9]);
    expect(countOf(findings, 'repeated-checkpoint')).toBe(1);
  });

  test('reads empty and NaN cells as missing losses', async () => {
    const { table: runs, findings } = await imported(slimpajama, withRow('0.5,0.5,122000000.0,6e9,3.2,,NaN'));
    expect(runs.losses.filter(Number.isNaN)).toHaveLength(2);
    expect(countOf(findings, 'missing-losses')).toBe(2);
  });

  test('renormalizes sums within 0.01 and counts them', async () => {
    const { table: runs, findings } = await imported(slimpajama, withRow('0.1,0.905,122000000.0,2e9,3.2,1.4,3.1'));
    expect(countOf(findings, 'renormalized')).toBe(1);
    expect(runs.mixtures[0] + runs.mixtures[1]).toBeCloseTo(1, 15);
  });

  test('says which columns it did not read', async () => {
    const { findings } = await imported(slimpajama, table(TABLE.map((line, i) => `${line},${i === 0 ? 'note' : 'a'}`)));
    expect(findings.find(({ code }) => code === 'ignored-columns')?.items).toEqual(['column "note" of runs.csv']);
  });

  test('joins files with the same columns', async () => {
    const files = [
      fileOf('a.csv', TABLE.slice(0, 3)),
      fileOf('b.csv.gz', gzipSync([HEADER, ...ROWS.slice(2)].join('\n'))),
    ];
    expect((await imported(slimpajama, files)).table).toEqual((await imported(slimpajama, table(TABLE))).table);
  });

  test('reads a byte order mark and CRLF as if they were not there', async () => {
    const windows = `\uFEFF${TABLE.join('\r\n')}\r\n`;
    expect((await imported(slimpajama, table(windows))).table).toEqual(
      (await imported(slimpajama, table(TABLE))).table,
    );
  });
});

const BROKEN: Record<string, Refusal & { file: readonly string[] | string | Uint8Array }> = {
  'an empty file': { file: '', code: 'invalid-table', message: /empty/, where: { line: 1 } },
  'a header alone': { file: [HEADER], code: 'invalid-table', message: /no rows/, where: { line: 1 } },
  'a row cut short': {
    file: [...TABLE, '0.5,0.5,1220000'],
    code: 'invalid-table',
    message: /a row has 3 columns, the header has 7/,
    where: { file: 'runs.csv', line: 6 },
  },
  'no losses in the header': {
    file: TABLE.map(line => line.replaceAll('_loss', '_ppl')),
    code: 'missing-column',
    message: /<domain>_loss/,
  },
  'no weights in the header': {
    file: [HEADER.replaceAll('weight_', 'w_'), ...ROWS],
    code: 'missing-column',
    message: /weight_<domain>/,
  },
  'no tokens in the header': {
    file: [HEADER.replace('n_tokens', 'tokens'), ...ROWS],
    code: 'missing-column',
    message: /"n_tokens"/,
  },
  'a column twice': {
    file: [HEADER.replace('weight_code', 'weight_web'), ...ROWS],
    code: 'invalid-table',
    message: /columns 1 and 2 are both called "weight_web"/,
    where: { line: 1, column: 12 },
  },
  'text in a loss': {
    file: [...TABLE, '0.5,0.5,122000000.0,6e9,3.2,1.4x,3.1'],
    code: 'invalid-number',
    message: /"1.4x" in column "code_loss"/,
    where: { file: 'runs.csv', line: 6, column: 29 },
  },
  'an infinite loss': {
    file: [...TABLE, '0.5,0.5,122000000.0,6e9,inf,1.4,3.1'],
    code: 'invalid-loss',
    message: /"web" in run "000"/,
    where: { line: 6 },
  },
  'a loss of 0': {
    file: [...TABLE, '0.5,0.5,122000000.0,6e9,3.2,0,3.1'],
    code: 'invalid-loss',
    message: /invalid loss 0 of "code"/,
    where: { line: 6 },
  },
  'a weight that is not a number': {
    file: [...TABLE, 'NaN,0.5,122000000.0,6e9,3.2,1.4,3.1'],
    code: 'missing-share',
    message: /share of "web"/,
    where: { line: 6 },
  },
  'a negative weight': {
    file: [...TABLE, '1.5,-0.5,122000000.0,6e9,3.2,1.4,3.1'],
    code: 'invalid-mixture',
    message: /share of "code" is -0.5/,
    where: { line: 6 },
  },
  'weights that sum to 0.9': {
    file: [...TABLE, '0.4,0.5,122000000.0,6e9,3.2,1.4,3.1'],
    code: 'invalid-mixture',
    message: /sum to 0.9, expected 1 within 0.01/,
    where: { line: 6 },
  },
  'weights that sum to 1.3': {
    file: [...TABLE, '0.8,0.5,122000000.0,6e9,3.2,1.4,3.1'],
    code: 'invalid-mixture',
    message: /sum to 1.3/,
    where: { line: 6 },
  },
  'no model size': {
    file: [...TABLE, '0.5,0.5,,6e9,3.2,1.4,3.1'],
    code: 'invalid-size',
    message: /model_size/,
    where: { line: 6, column: 9 },
  },
  'no tokens': {
    file: [...TABLE, '0.5,0.5,122000000.0,,3.2,1.4,3.1'],
    code: 'missing-volume',
    message: /missing tokens of run "000"/,
    where: { line: 6 },
  },
  'an open quote': { file: [...TABLE, '"0.5,0.5,122000000.0,6e9,3'], code: 'invalid-table', message: /quote/ },
  'a huge line': {
    file: [...TABLE, '9'.repeat(2_000_000)],
    code: 'invalid-table',
    message: /longer than/,
    where: { line: 6 },
  },
  'binary data': {
    file: Buffer.from([...Buffer.from(TABLE.join('\n')), 0, 255, 254]),
    code: 'invalid-text',
    message: /binary/,
    where: { byte: TABLE.join('\n').length },
  },
  'text that is not UTF-8': {
    file: Buffer.from([...Buffer.from(TABLE.join('\n')), 0xff]),
    code: 'invalid-text',
    message: /UTF-8/,
    where: { byte: TABLE.join('\n').length },
  },
};

describe('the SlimPajama importer refuses', () => {
  test.for(Object.entries(BROKEN))('%s', async ([, { file, ...refusal }]) => {
    await expectRefusal(slimpajama, table(file), refusal);
  });

  test('files with different columns', async () => {
    const files = [
      fileOf('a.csv', TABLE),
      fileOf(
        'b.csv',
        TABLE.map(line => line.replace('code_loss', 'maths_loss')),
      ),
    ];
    await expectRefusal(slimpajama, files, {
      code: 'invalid-table',
      message: /"maths_loss"/,
      where: { file: 'b.csv' },
    });
  });
});

test('a gzip file cut short is refused before it is read', () => {
  const whole = gzipSync(TABLE.join('\n'));
  expect(() => table(whole.subarray(0, whole.length - 12))).toThrow(/truncated/);
});

test.each(['weight', 'loss'])('no cell of the %s columns makes anything but numbers or a BimixError', async kind => {
  const column = kind === 'weight' ? 0 : 5;
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 12 }), async cell => {
      const cells = ROWS[3].split(',');
      cells[column] = cell;
      const outcome = await Promise.resolve()
        .then(() => imported(slimpajama, table([...TABLE.slice(0, 4), cells.join(',')])))
        .catch((error: Error) => error);
      if (outcome instanceof Error) expect(outcome.name).toBe('BimixError');
      else expect(outcome.table.mixtures.every(Number.isFinite)).toBe(true);
    }),
    { seed: 2, numRuns: 300 },
  );
});
