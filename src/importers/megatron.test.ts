import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import { megatron } from './megatron.ts';

const MIXTURES = fileOf('mixtures.csv', ['run,weight_web,weight_code', 'a,0.8,0.2', 'b,0.5,0.5']);

const training = (iteration: number): string =>
  ` [2026-03-01 10:00:00.123456] iteration ${String(iteration).padStart(8)}/    3000 | consumed samples: ${String(iteration * 4).padStart(12)} | elapsed time per iteration (ms): 91.2 | learning rate: 3.000000E-04 | global batch size:     4 | lm loss: 3.912345E+00 | loss scale: 1.0 | grad norm: 0.412 |`;

const DASHES = '-'.repeat(80);
const validation = (set: string, iteration: number, loss: string, ending = ''): string[] => [
  DASHES,
  ` validation${set} loss at iteration ${iteration}${ending} | lm loss value: ${loss} | lm loss PPL: 5.459815E+01 | `,
  DASHES,
];

const ARGUMENTS = [
  '  global_batch_size ............................... 4',
  '  rampup_batch_size ............................... None',
  '  seq_length ...................................... 512',
];

const A = [
  ...ARGUMENTS,
  training(1000),
  ...validation('-web', 1000, '4.000000E+00'),
  ...validation('-code', 1000, '3.000000E+00'),
  training(2000),
  ...validation('-web', 2000, '3.500000E+00'),
  ...validation('-code', 2000, '2.500000E+00'),
];

describe('the Megatron-LM importer', () => {
  test('reads the loss of each validation set at each iteration, and the tokens of a step', async () => {
    const files = [fileOf('logs/a.log', A), fileOf('logs/b/stdout.txt', A.slice(0, 10)), MIXTURES];
    expect(megatron.detect(files)).toMatchObject({ confidence: 'certain' });
    expect(megatron.detect([MIXTURES])).toBe(false);
    const { table, findings } = await imported(megatron, files);
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(table).toMatchObject({ volumeUnit: 'steps', tokensPerStep: 2048 });
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 4, 3]);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('says no tokens of a step where the batch grows or logs disagree', async () => {
    const growing = A.map(line => line.replace('None', "['4', '4', '100']"));
    const { table } = await imported(megatron, [fileOf('a.log', growing), MIXTURES]);
    expect(table.tokensPerStep).toBeUndefined();
    const other = A.map(line => line.replace(/ 512$/, ' 256'));
    const both = await imported(megatron, [fileOf('a.log', A), fileOf('b.log', other), MIXTURES]);
    expect(both.table.tokensPerStep).toBeUndefined();
  });

  test('reads numbered sets, prefixes of ranks and losses that broke', async () => {
    const lines = [
      `12: ${validation('-0', 10, '4.0E+00')[1]}`,
      `12: ${validation('-1', 10, 'nan')[1]}`,
      ` validation-0 loss at iteration 20 | load_balancing_loss value: 1.0E+00 | lm loss value: 3.0E+00 | `,
      ` validation-1 loss at iteration 20 | loss value: 2.0E+00 | loss PPL: 2.0E+00 | `,
    ];
    const { table, findings } = await imported(megatron, [fileOf('a.log', lines), MIXTURES], {
      mapping: { 0: 'web', 1: 'code' },
    });
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
    expect(Array.from(table.losses)).toEqual([4, Number.NaN, 3, 2]);
    expect(countOf(findings, 'broken-losses')).toBe(1);
  });

  test('keeps the last loss of an iteration that a resumed run prints again', async () => {
    const resumed = [
      training(2000),
      ...validation('-web', 2000, '3.400000E+00'),
      ...validation('-web', 3000, '3.2E+00'),
    ];
    for (const files of [[fileOf('a.log', [...A, ...resumed])], [fileOf('a/1.log', A), fileOf('a/2.log', resumed)]]) {
      const { table, findings } = await imported(megatron, [...files, MIXTURES]);
      expect(Array.from(table.losses)).toEqual([4, 3, 3.4, 2.5, 3.2, Number.NaN]);
      expect(countOf(findings, 'conflicting-losses')).toBe(1);
    }
  });

  test('leaves the test set and the loss over everything unread, and says so', async () => {
    const lines = [
      ...A,
      ...validation('-web', 2000, '3.5E+00', ' on validation set'),
      ...validation('-web', 2000, '9.0E+00', ' on test set'),
      ...validation('', 2000, '9.0E+00'),
    ];
    const { table, findings } = await imported(megatron, [fileOf('a.log', lines), MIXTURES]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5]);
    expect(countOf(findings, 'ignored-losses')).toBe(2);
    expect(countOf(findings, 'merged-losses')).toBe(1);
  });

  test('reads a log that ends in the middle of a line', async () => {
    const { table } = await imported(megatron, [
      fileOf('a.log', `${A.join('\n')}\n validation-web loss at iteration 3000 | lm loss value: 3.1`),
      MIXTURES,
    ]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
  });
});

describe('the Megatron-LM importer refuses', () => {
  test('one loss over everything, and a log without evaluations', async () => {
    const one = fileOf('a.log', [training(10), ...validation('', 10, '3.0E+00')]);
    expect(megatron.detect([one])).toMatchObject({ confidence: 'certain' });
    await expectRefusal(megatron, [one, MIXTURES], {
      code: 'missing-domains',
      message: /a.log: it has only one loss over all validation data/,
    });
    await expectRefusal(megatron, [fileOf('a.log', [training(10)]), MIXTURES], {
      code: 'missing-domains',
      message: /no line "NAME loss/,
    });
  });

  test('logs without mixtures, a number that is none, files without a log', async () => {
    await expectRefusal(megatron, [fileOf('a.log', A)], { code: 'missing-mixtures', message: /a.log/ });
    await expectRefusal(megatron, [fileOf('a.log', validation('-web', 10, '3.1E+0x')), MIXTURES], {
      code: 'invalid-number',
      message: /"3.1E\+0x"/,
      where: { file: 'a.log', line: 2 },
    });
    await expectRefusal(megatron, [MIXTURES], { code: 'missing-log', message: /not output of Megatron-LM/ });
  });
});

describe('forks of Megatron-LM', () => {
  const line = (head: string, tail: string): string => ` ${head} | ${tail} | `;
  test.for([
    [
      'names in brackets',
      line('validation loss at iteration 10 [web]', 'lm loss value: 4.0 | PPL: 9'),
      line('validation loss at iteration 10 [code]', 'lm loss value: 3.0 | PPL: 9'),
    ],
    [
      'names with spaces',
      line('Web loss at iteration 10', 'lm loss value: 4 | lm loss PPL: 9'),
      line('Code loss at iteration 10', 'lm loss value: 3 | lm loss PPL: 9'),
    ],
    [
      'results in place of losses',
      line('validation_web results at iteration 10', 'lm_loss value: 4E0 | lm_loss_ppl value: 9'),
      line('validation_code results at iteration 10', 'lm_loss value: 3E0 | lm_loss_ppl value: 9'),
    ],
    [
      'no word for the value',
      line('validation-web loss at iteration 10', 'LM loss: 4.000 | LM PPL: 9'),
      line('validation-code loss at iteration 10', 'LM loss: 3.000 | LM PPL: 9'),
    ],
    [
      'perplexities first',
      line('valid/web loss at iteration 10', 'lm loss PPL: 9 | lm loss value: 4.0'),
      line('valid/code loss at iteration 10', 'lm loss PPL: 9 | lm loss value: 3.0'),
    ],
  ])('print %s', async ([, web, code]) => {
    const { table } = await imported(megatron, [fileOf('a.log', [web, code]), MIXTURES]);
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
    expect(Array.from(table.losses)).toEqual([4, 3]);
  });

  test('evaluate at the end of training, at the last iteration printed', async () => {
    const lines = [
      training(30),
      line('valid_web loss at the end of training for val data', 'lm loss value: 4.0 | lm loss PPL: 9'),
      line('valid_web loss at the end of training for test data', 'lm loss value: 5.0 | lm loss PPL: 9'),
    ];
    const { table, findings } = await imported(megatron, [fileOf('a.log', lines), MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([30]);
    expect(Array.from(table.losses)).toEqual([4]);
    expect(countOf(findings, 'ignored-losses')).toBe(1);
  });

  test('keep a prefix that tells two sets apart', async () => {
    const lines = ['valid_web', 'eval_web'].map(set => line(`${set} loss at iteration 10`, 'lm loss value: 4.0'));
    const { table } = await imported(megatron, [fileOf('a.log', lines), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['valid_web', 'eval_web']);
  });

  test('crash before the first evaluation: the log is noted', async () => {
    const { findings } = await imported(megatron, [fileOf('a.log', A), fileOf('b.log', [training(10)]), MIXTURES]);
    expect(countOf(findings, 'logs-without-losses')).toBe(1);
  });
});
