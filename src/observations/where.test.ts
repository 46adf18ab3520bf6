import { describe, expect, test } from 'vitest';
import { assembleRuns } from './assemble.ts';
import type { VolumeUnit } from './run-table.ts';
import { rowCount } from './run-table.ts';
import { parseWhere, selectWhere } from './where.ts';

/** Runs RP_1 to RP_3 of two sizes at steps 1000 to 4000; RP_3 lacks a loss at 1000. */
function tableOf(volumeUnit: VolumeUnit = 'steps', tokensPerStep?: number) {
  const rows = [70e6, 160e6].flatMap(size =>
    [1, 2, 3].flatMap(run =>
      (volumeUnit === 'none' ? [1] : [1, 2, 3, 4]).map(step => ({
        run: `RP_${run}`,
        size,
        ...(run === 1 ? {} : { seed: run }),
        ...(run === 2 ? { replicate: 'second' } : {}),
        mixture: [run / 4, 1 - run / 4],
        volume: 1000 * step,
        losses: [run === 3 && step === 1 ? Number.NaN : 4 - step / 10, 3 - step / 10],
        where: {},
      })),
    ),
  );
  const draft = {
    format: 'test',
    trainingDomains: ['web', 'code'],
    evaluationDomains: ['web', 'news'],
    volumeUnit,
    ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
    lossUnit: 'nats' as const,
    rows,
    findings: [],
  };
  return assembleRuns(draft, { provenance: { format: 'test', inputs: [], version: '0' } }).table;
}

const select = (text: string, table = tableOf()) => selectWhere(table, parseWhere(text));

describe('rows are chosen by', () => {
  test.each([
    ['size=70M', 12],
    ['size = 160.5M', 12],
    ['size!=70M', 12],
    ['size<=70.1M', 12],
    ['size<70M', 0],
    ['size>100M', 12],
    ['step>=3000', 12],
    ['step > 3000', 6],
    ['steps<3K', 12],
    ['step=2000', 6],
    ['step!=2000', 18],
    ['step>0', 24],
    ['volume<=1e3', 6],
    ['run=RP_1', 8],
    ['run=="RP_1"', 8],
    ['run!=RP_1', 16],
    ['run~RP_*', 24],
    ['run~*_2', 8],
    ['run~RP.1', 0],
    ['seed=2', 8],
    ['seed!=2', 16],
    ['seed>1', 16],
    ['replicate=second', 8],
    ['replicate!=second', 16],
    ['complete', 22],
    ['size=70M and step>=3000 AND run!=RP_2', 4],
  ])('%s', (text, rows) => {
    if (rows === 0) expect(() => select(text)).toThrow(/^missing rows/);
    else expect(rowCount(select(text))).toBe(rows);
  });

  test('a condition that all rows meet without a copy', () => {
    const table = tableOf();
    expect(select('step>0', table)).toBe(table);
  });

  test('tokens in a table of steps, and steps in a table of tokens, where a step’s tokens are known', () => {
    expect(rowCount(select('tokens>=3M', tableOf('steps', 1000)))).toBe(12);
    expect(rowCount(select('step>=3', tableOf('tokens', 1000)))).toBe(12);
    expect(() => select('tokens>=3M')).toThrow(/^invalid condition "tokens>=3M": the table counts steps$/);
    expect(() => select('step>=3', tableOf('tokens'))).toThrow(/the table counts tokens$/);
    expect(() => select('step>=3', tableOf('none'))).toThrow(/the table has no volume/);
  });
});

describe('a condition is refused', () => {
  test.each([
    ['bogus', 'invalid-where', /^invalid condition "bogus"/],
    ['', 'invalid-where', /^invalid condition ""/],
    ['size=', 'invalid-where', /^invalid condition "size="/],
    ['size=big', 'invalid-quantity', /^invalid size "big"/],
    ['siez=70M', 'unknown-field', /^unknown field "siez"/],
    ['run>RP_1', 'invalid-where', /^invalid operator > in "run>RP_1": run takes =, != or ~$/],
    ['step~3', 'invalid-where', /^invalid operator ~ in "step~3"/],
    ['seed=first', 'invalid-where', /^invalid seed "first"/],
  ])('%j', (text, code, message) => {
    expect(() => parseWhere(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  test('with the field that was meant', () => {
    expect(() => parseWhere('sizes=70M')).toThrow(expect.objectContaining({ hint: 'Did you mean "size"?' }));
  });

  test('when it leaves nothing, with the values there are', () => {
    const hintOf = (text: string) => expect.objectContaining({ code: 'missing-rows', hint: text });
    expect(() => select('size=1B')).toThrow(hintOf('Rows have size 70M, 160M.'));
    expect(() => select('run=RP_9')).toThrow(hintOf('Rows have run RP_1, RP_2, RP_3.'));
    expect(() => select('seed=9')).toThrow(hintOf('Rows have seed none, 2, 3.'));
    expect(() => select('step>=9000')).toThrow(hintOf('Rows have 1K to 4K steps.'));
    expect(() => select('size=70M and size=160M')).toThrow(hintOf('Rows have size 70M.'));
  });
});
