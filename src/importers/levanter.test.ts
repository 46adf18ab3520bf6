import { expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import { levanter } from './levanter.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'a,0.8,0.2', 'b,0.5,0.5']);

const summary = (metrics: object): string => JSON.stringify({ config: { trainer: {} }, summary: metrics });
const event = (step: number, metrics: object): string =>
  JSON.stringify({ tracker: 'json_logger', event: 'log', step, metrics });

test('the summary of each run, nested or not, with means over domains unread', async () => {
  const files = [
    fileOf('a/tracker_metrics.jsonl', [
      summary({ _step: 9, 'eval/web/loss': 3, 'eval/macro_loss': 9, 'eval/x/micro_loss': 9, 'eval/x/macro_loss': 9 }),
    ]),
    fileOf('b/tracker_metrics.jsonl', [summary({ _step: 9, eval: { web: { loss: 4 }, loss: 9 } })]),
    MIXTURES,
  ];
  expect(levanter.detect(files)).toMatchObject({ confidence: 'certain' });
  expect(levanter.detect([MIXTURES])).toBe(false);
  const { table } = await imported(levanter, files);
  expect(table.evaluationDomains).toEqual(['web']);
  expect([table.volumeUnit, ...table.rowVolume, ...table.losses]).toEqual(['steps', 9, 9, 3, 4]);
});

test('events of its json_logger, on a console with other lines', async () => {
  const lines = [
    'I 12:00:00 starting',
    `INFO:levanter.json_logger:${event(10, { 'train/loss': 5, 'throughput/total_tokens': 1000 })}`,
    `INFO:levanter.json_logger:${event(10, { 'eval/web/loss': 3, 'eval/code/loss': 2, 'eval/loss': 9 })}`,
    `INFO:levanter.json_logger:${event(20, { 'train/loss': 5, 'throughput/total_tokens': 2000 })}`,
    `INFO:levanter.json_logger:${event(20, { 'eval/web/loss': 2.5, 'eval/code/loss': null })}`,
  ];
  const { table, findings } = await imported(levanter, [fileOf('a.log', lines), MIXTURES]);
  expect(table.evaluationDomains).toEqual(['web', 'code']);
  expect([table.volumeUnit, ...table.rowVolume]).toEqual(['tokens', 1000, 2000]);
  expect(Array.from(table.losses)).toEqual([3, 2, 2.5, Number.NaN]);
  expect(countOf(findings, 'tokens-before')).toBe(1);
});

test('a file that is cut, and one with nothing but a loss over everything, are refused', async () => {
  const whole = summary({ _step: 9, 'eval/loss': 3, 'throughput/total_tokens': 100 });
  await expectRefusal(levanter, [fileOf('a/tracker_metrics.jsonl', [whole]), MIXTURES], {
    code: 'missing-domains',
    message: /only "eval\/loss"/,
  });
  const cut = whole.slice(0, -20);
  await expectRefusal(levanter, [fileOf('a/tracker_metrics.jsonl', cut), MIXTURES], {
    code: 'invalid-json',
    message: /ends too early/,
  });
});
