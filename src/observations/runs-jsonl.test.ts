import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleRuns } from './assemble.ts';
import { type Draft, lossAt, mixtureOfRun, type RunTable, rowCount } from './index.ts';
import { formatRuns, parseRuns } from './runs-jsonl.ts';

const provenance = { format: 'test', inputs: [{ file: 'a.csv', sha256: 'ab'.repeat(32), bytes: 9 }], version: '0.1.0' };

const assembled = (draft: Draft) => assembleRuns(draft, { provenance: draft.provenance ?? provenance });
const linesOf = (table: RunTable) => [...formatRuns(table)].join('').split('\n');

const HEADER = {
  kind: 'bimix-runs',
  schemaVersion: 1,
  trainingDomains: ['web', 'code'],
  evaluationDomains: ['web', 'news'],
  volume: { unit: 'tokens' },
  loss: 'nats per token',
  share: 'tokens',
};
const RECORD = { run: 'a', mixture: { web: 0.6, code: 0.4 }, volume: 1e9, losses: { web: 3.1, news: 3.5 } };

/** Lines of a header and one record, with changes. */
const lines = (header: object = {}, record: object = {}) => [
  JSON.stringify({ ...HEADER, ...header }),
  JSON.stringify({ ...RECORD, ...record }),
];

const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.constantFrom('0', '12', 'constructor', 'a"b\\', 'wiki en'),
);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
const loss = fc.oneof(fc.double({ min: 0.01, max: 20, noNaN: true }), fc.constant(Number.NaN));

const drafts: fc.Arbitrary<Draft> = fc
  .record({
    trainingDomains: names,
    evaluationDomains: names,
    volumeUnit: fc.constantFrom('tokens', 'steps'),
    tokensPerStep: fc.option(fc.integer({ min: 1, max: 1e7 }), { nil: undefined }),
  })
  .chain(({ trainingDomains, evaluationDomains, volumeUnit, tokensPerStep }) =>
    fc
      .uniqueArray(
        fc.record(
          {
            run: name,
            size: fc.integer({ min: 1, max: 1e9 }),
            seed: fc.integer(),
            replicate: fc.string(),
            shares: fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), {
              minLength: trainingDomains.length,
              maxLength: trainingDomains.length,
            }),
            checkpoints: fc.array(
              fc.array(loss, { minLength: evaluationDomains.length, maxLength: evaluationDomains.length }),
              { minLength: 1, maxLength: 4 },
            ),
          },
          { requiredKeys: ['run', 'shares', 'checkpoints'] },
        ),
        { minLength: 1, maxLength: 6, selector: ({ run, size }) => `${run}\0${size}` },
      )
      .map(runs => ({
        format: 'test',
        trainingDomains,
        evaluationDomains,
        mapping: { [evaluationDomains[0]]: trainingDomains[0] },
        volumeUnit,
        ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
        lossUnit: 'nats' as const,
        rows: runs.flatMap(({ shares, checkpoints, ...run }) =>
          checkpoints.map((losses, i) => ({
            ...run,
            mixture: shares.map(share => share / shares.reduce((a, b) => a + b)),
            volume: 1000 * (i + 1),
            losses: [losses[0] || 1, ...losses.slice(1)],
            where: {},
          })),
        ),
        findings: [],
      })),
  );

describe('runs.jsonl', () => {
  test('gives back the very table that was written, and the same bytes, without a repair', () => {
    fc.assert(
      fc.property(drafts, draft => {
        const { table } = assembled(draft);
        const text = linesOf(table);
        const again = assembled(parseRuns(text, 'runs.jsonl'));
        expect(again.table).toEqual(table);
        expect(linesOf(again.table)).toEqual(text);
        expect(again.findings.filter(({ kind }) => kind === 'repair')).toEqual([]);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  test('is a header and a line a checkpoint, keyed by name', () => {
    const { table } = assembled(parseRuns(lines({}, { size: 7e7, seed: 1 }), 'r'));
    expect(linesOf(table)).toEqual([
      '{"kind":"bimix-runs","schemaVersion":1,"rows":1,"trainingDomains":["web","code"],"evaluationDomains":["web","news"],' +
        '"mapping":{"web":"web","news":null},"volume":{"unit":"tokens"},"loss":"nats per token","share":"tokens",' +
        `"provenance":${JSON.stringify(provenance)}}`,
      '{"run":"a","size":70000000,"seed":1,"mixture":{"web":0.6,"code":0.4},"volume":1000000000,"losses":{"web":3.1,"news":3.5}}',
      '',
    ]);
  });

  test('that was cut between two lines is refused by the rows its header counts', () => {
    expect(() => parseRuns(lines({ rows: 2 }, {}), 'r')).toThrow(
      'invalid runs: the header says 2 rows, the file holds 1',
    );
    expect(parseRuns(lines({ rows: 1 }, {}), 'r').rows).toHaveLength(1);
  });

  test('may be written by hand: fields left out, domains left out, NaN from Python, blank lines', () => {
    const [header] = lines();
    const { table } = assembled(
      parseRuns(
        [header, '', '{"run": "b", "volume": 2e9, "mixture": {"code": 1}, "losses": {"news": 3.5, "web": NaN}}'],
        'r',
      ),
    );
    expect(Array.from(mixtureOfRun(table, 0))).toEqual([0, 1]);
    expect([lossAt(table, 0, 0), lossAt(table, 0, 1)]).toEqual([Number.NaN, 3.5]);
    expect(Array.from(table.ownDomain)).toEqual([0, -1]);
  });

  test('has no volume where the unit is none', () => {
    const { volume: _, ...record } = RECORD;
    const text = [lines({ volume: { unit: 'none' } })[0], JSON.stringify(record)];
    const { table } = assembled(parseRuns(text, 'r'));
    expect(Array.from(table.rowVolume)).toEqual([1]);
    expect(linesOf(table)[1]).not.toContain('volume');
  });

  test.each<[string, string[], string, RegExp, object]>([
    ['nothing', [], 'missing-records', /header/, { line: 1 }],
    ['blank lines', ['', ' '], 'missing-records', /header/, { line: 2 }],
    ['a header only', [lines()[0]], 'missing-records', /a header only/, { line: 1 }],
    ['no header', [lines()[1], lines()[1]], 'invalid-header', /kind/, { line: 1 }],
    [
      'a list as header',
      ['[1]', lines()[1]],
      'invalid-header',
      /it is a list, expected names with values/,
      { line: 1 },
    ],
    [
      'a header of another version',
      lines({ schemaVersion: 2 }),
      'unknown-schema-version',
      /2/,
      { line: 1, column: 22 },
    ],
    [
      'a header with another loss unit',
      lines({ loss: 'bits' }),
      'invalid-header',
      /loss is "bits", expected /,
      { line: 1, column: 135 },
    ],
    ['a header with a key too many', lines({ extra: 1 }), 'invalid-header', /extra/, { line: 1 }],
    ['a header without domains', lines({ trainingDomains: [] }), 'invalid-header', /trainingDomains/, { column: 40 }],
    ['a line cut short', [lines()[0], lines()[1].slice(0, -5)], 'invalid-json', /ends too early/, { line: 2 }],
    ['a list as record', [lines()[0], '[1]'], 'invalid-record', /expected an object/, { line: 2, column: 1 }],
    ['a run that is a number', lines({}, { run: 7 }), 'invalid-record', /"run"/, { line: 2, column: 2 }],
    ['a size that is text', lines({}, { size: '70M' }), 'invalid-record', /"size"/, { line: 2 }],
    ['a seed that is text', lines({}, { seed: 'x' }), 'invalid-record', /"seed"/, { line: 2 }],
    ['a replicate that is a number', lines({}, { replicate: 1 }), 'invalid-record', /"replicate"/, { line: 2 }],
    ['no volume', lines({}, { volume: undefined }), 'invalid-record', /"volume".*tokens/, { line: 2 }],
    ['a volume the header denies', lines({ volume: { unit: 'none' } }), 'invalid-record', /unit "none"/, { line: 2 }],
    ['no mixture', lines({}, { mixture: undefined }), 'invalid-record', /"mixture"/, { line: 2 }],
    ['losses in a list', lines({}, { losses: [3] }), 'invalid-record', /"losses"/, { line: 2 }],
    ['a key that is misspelt', lines({}, { volum: 1 }), 'unknown-key', /"volum"/, { line: 2 }],
    [
      'a share that is text',
      lines({}, { mixture: { web: '0.6' } }),
      'invalid-record',
      /share of "web"/,
      { column: 23 },
    ],
    ['a loss that is text', lines({}, { losses: { news: 'x' } }), 'invalid-record', /loss of "news"/, { line: 2 }],
    [
      'an unknown training domain',
      lines({}, { mixture: { wen: 1 } }),
      'unknown-domain',
      /training.*"wen"/,
      { column: 23 },
    ],
    ['an unknown evaluation domain', lines({}, { losses: { code: 1 } }), 'unknown-domain', /evaluation/, { line: 2 }],
    ['shares that sum to 0.9', lines({}, { mixture: { web: 0.9 } }), 'invalid-mixture', /0.9/, { line: 2 }],
    ['shares that sum to 1.3', lines({}, { mixture: { web: 1.3 } }), 'invalid-mixture', /1.3/, { line: 2 }],
    ['a negative loss', lines({}, { losses: { web: -3 } }), 'invalid-loss', /-3 of "web"/, { line: 2 }],
    ['a diverged loss', [lines()[0], lines()[1].replace('3.1', 'Infinity')], 'invalid-loss', /Infinity/, { line: 2 }],
  ])('with %s is refused', (_, text, code, message, where) => {
    expect(() => assembled(parseRuns(text, 'r.jsonl'))).toThrow(
      expect.objectContaining({
        name: 'BimixError',
        code,
        message: expect.stringMatching(message),
        where: expect.objectContaining({ file: 'r.jsonl', ...where }),
      }),
    );
  });

  test('of 64 domains and 5,000 runs is written and read within memory, row by row', () => {
    const domains = Array.from({ length: 64 }, (_, j) => `domain ${j}`);
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      run: `run ${i >> 1}`,
      mixture: domains.map((_, j) => ((i >> 1) % 64 === j ? 0.37 : 0.01)),
      volume: 1e9 * (1 + (i & 1)),
      losses: domains.map((_, j) => 2 + j / 100 + 1 / (i + 1)),
      where: {},
    }));
    const { table } = assembled({
      format: 'test',
      trainingDomains: domains,
      evaluationDomains: domains,
      volumeUnit: 'tokens',
      lossUnit: 'nats',
      rows,
      findings: [],
    });
    const again = assembled(parseRuns(linesOf(table), 'r')).table;
    expect(rowCount(again)).toBe(10_000);
    expect(again.losses).toEqual(table.losses);
  });
});
