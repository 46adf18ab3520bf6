import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { bimixRuns } from './bimix-runs.ts';
import type { ImportOptions } from './importer.ts';

const LINES = [
  '{"kind":"bimix-runs","schemaVersion":1,"trainingDomains":["web","code"],"evaluationDomains":["web","news"],"volume":{"unit":"steps"},"loss":"nats per token","share":"tokens"}',
  '{"run":"a","mixture":{"web":0.6,"code":0.4},"volume":1000,"losses":{"web":4.1,"news":3.2}}',
  '{"run":"b","mixture":{"web":0.2,"code":0.8},"volume":1000,"losses":{"web":4.4,"news":2.9}}',
];
const changed = (line: number, from: string | RegExp, to: string) =>
  LINES.map((text, i) => (i === line ? text.replace(from, to) : text));

test('runs.jsonl is recognized by its header, and read with a byte order mark, CRLF or gzip', async () => {
  expect(bimixRuns.detect([fileOf('runs.jsonl', LINES)])).toMatchObject({ confidence: 'certain' });
  expect(bimixRuns.detect([fileOf('runs.jsonl', LINES.slice(1))])).toBe(false);
  expect(bimixRuns.detect([fileOf('runs.jsonl', Uint8Array.of(0, 1))])).toBe(false);
  const { table } = await imported(bimixRuns, [fileOf('runs.jsonl', LINES)]);
  expect(table.runs).toEqual([{ name: 'a' }, { name: 'b' }]);
  for (const content of [`\uFEFF${LINES.join('\r\n')}`, gzipSync(LINES.join('\n'))]) {
    const file = fileOf('runs.jsonl', content);
    expect(bimixRuns.detect([file])).toMatchObject({ confidence: 'certain' });
    expect((await imported(bimixRuns, [file])).table).toEqual(table);
  }
});

const BROKEN: Record<string, Refusal & { content: readonly string[] | string | Uint8Array; options?: ImportOptions }> =
  {
    'an empty file': { content: '', code: 'missing-records', message: /header/ },
    'a header only': { content: [LINES[0]], code: 'missing-records', message: /a header only/, where: { line: 1 } },
    'no header': { content: LINES.slice(1), code: 'invalid-header', message: /kind/, where: { line: 1 } },
    'a newer version': {
      content: changed(0, ':1', ':9'),
      code: 'unknown-schema-version',
      message: /9/,
      where: { line: 1 },
    },
    'a truncated last line': {
      content: LINES.join('\n').slice(0, -10),
      code: 'invalid-json',
      message: /ends too early/,
      where: { file: 'runs.jsonl', line: 3 },
    },
    'text in a loss': {
      content: changed(1, '4.1', '"low"'),
      code: 'invalid-record',
      message: /the loss of "web" must be a number/,
      where: { line: 2, column: 69 },
    },
    'a bare word': {
      content: changed(2, '4.4', 'low'),
      code: 'invalid-json',
      message: /"low,/,
      where: { line: 3, column: 75 },
    },
    'no number at all': {
      content: changed(1, /"losses".*/, '"losses":{"web":NaN}}').slice(0, 2),
      code: 'missing-losses',
      message: /1 row/,
    },
    'a domain twice': {
      content: changed(0, '"web","code"', '"web","web"'),
      code: 'invalid-header',
      message: /trainingDomains is wrong: a domain is listed twice/,
      where: { line: 1, column: 40 },
    },
    'shares that sum to 0.9': {
      content: changed(1, '0.6', '0.5'),
      code: 'invalid-mixture',
      message: /"a": proportions sum to 0.9/,
      where: { line: 2 },
    },
    'shares that sum to 1.3': {
      content: changed(2, '0.8', '1.1'),
      code: 'invalid-mixture',
      message: /1.3/,
      where: { line: 3 },
    },
    'a key misspelt': {
      content: changed(1, '"volume"', '"volumes"'),
      code: 'unknown-key',
      message: /"volumes"/,
      where: { line: 2, column: 45 },
    },
    'a huge line': {
      content: [...LINES, 'x'.repeat(2e6)],
      code: 'invalid-text',
      message: /line 4/,
      where: { line: 4 },
    },
    'binary data': {
      content: Buffer.from(`${LINES.join('\n')}\0`),
      code: 'invalid-text',
      message: /binary/,
      where: { byte: LINES.join('\n').length },
    },
    'another unit': { content: LINES, options: { lossUnit: 'bits' }, code: 'invalid-unit', message: /nats per token/ },
  };

describe('the runs.jsonl importer refuses', () => {
  test.each(Object.entries(BROKEN))('%s', async (_, { content, options, ...refusal }) => {
    await expectRefusal(bimixRuns, [fileOf('runs.jsonl', content)], refusal, options);
  });

  test('more than one file', async () => {
    const file = fileOf('runs.jsonl', LINES);
    await expectRefusal(bimixRuns, [file, file], { code: 'ambiguous-input', message: /2 files/ });
  });
});
