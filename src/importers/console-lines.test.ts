import { expect, test } from 'vitest';
import { countOf, fileOf, imported } from '../../test/importing.ts';
import { consoleLines, messageOf } from './console-lines.ts';
import { megatron } from './megatron.ts';

const MIXTURES = fileOf('m.csv', ['run,web,code', 'a,0.8,0.2']);

const lossOf = (set: string, iteration: number, loss: string, end = '\n'): string =>
  ` validation-${set} loss at iteration ${iteration} | lm loss value: ${loss} | lm loss PPL: 2.0E+01 | ${end}`;
const LOG = lossOf('web', 10, '4.0E+00') + lossOf('code', 10, '3.0E+00');

async function lossesOf(content: string | Uint8Array): Promise<number[]> {
  const { table } = await imported(megatron, [fileOf('a.log', content), MIXTURES]);
  expect(table.evaluationDomains).toEqual(['web', 'code']);
  return Array.from(table.losses);
}

test.for([
  ['ranks of srun --label', '0: '],
  ['ranks of torchrun', '[default3]:'],
  ['ranks in brackets, with a file', '[rank0]: [2026-03-01 10:00:00,123] [INFO] [training.py:60:log] '],
  ['ISO times', '2026-03-01T10:00:00.123456Z '],
  ['times and levels', '2026-03-01 10:00:00,123 - INFO - '],
  ['loguru', '2026-03-01 10:00:00.123 | INFO     | train:evaluate:12 - '],
  ['times of the day', '10:00:00 INFO: '],
  ['syslog', 'Mar  1 10:00:00 node-17 '],
  ['Kubernetes', '2026-03-01T10:00:00.123456789Z stdout F '],
  ['Ray', '(TrainWorker pid=1234, ip=10.0.0.1) '],
  ['names of hosts', 'node-17: '],
  ['colours', '\x1b[36m\x1b[1m'],
  ['a progress bar drawn again', ' 50%|#####     | 1/2 [00:01<00:01]\r 60%|######    | 1/2 [00:01]\r'],
])('%s before each line', async ([, prefix]) => {
  for (const set of ['validation-web', 'valid_web', 'web']) {
    const text = LOG.replace('validation-web', set).replace(/^ ?/gm, prefix).slice(0, -prefix.length);
    expect(await lossesOf(`${text}\n`)).toEqual([4, 3]);
  }
});

test('two ranks on one line', async () => {
  expect(await lossesOf(LOG.replaceAll('\n', ''))).toEqual([4, 3]);
});

test.for([
  ['zero bytes', '\0\0\0'],
  ['bytes that are not UTF-8', '\xff\xfe\x80'],
])('%s are skipped and noted', async ([, stray]) => {
  const content = Buffer.from(`${stray}${LOG}${stray}\n`, 'latin1');
  const { table, findings } = await imported(megatron, [fileOf('a.log', content), MIXTURES]);
  expect(Array.from(table.losses)).toEqual([4, 3]);
  expect(countOf(findings, 'stray-bytes')).toBe(1);
});

test('a log is recognized after any preamble', async () => {
  const preamble = 'node-1:101:101 [0] NCCL INFO Channel 00/32 : 0 1 2 3 4 5 6 7\n'.repeat(20_000);
  expect(preamble.length).toBeGreaterThan(1.2e6);
  expect(megatron.detect([fileOf('a.log', preamble + LOG)])).toMatchObject({ confidence: 'certain' });
  expect(await lossesOf(preamble + LOG)).toEqual([4, 3]);
});

test('lines are counted by line feeds', () => {
  const lines = [...consoleLines(fileOf('a', 'one\r\ntwo\rthree\n\nfour'))];
  expect(lines.map(({ text, line }) => `${line} ${text}`)).toEqual(['1 one', '2 two', '2 three', '3 ', '4 four']);
});

test('names keep their colons, dots and digits', () => {
  for (const name of ['valid_c4:en', '12', 'pile-cc.v2', 'Pile CC']) expect(messageOf(`0: ${name} `)).toBe(name);
});
